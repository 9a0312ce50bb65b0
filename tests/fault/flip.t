#!/bin/sh
# Bits that flip in the store's files, and each end of -wal: no command is ended by a
# signal, each says why it does not do its work, and what verify says to be well is what
# it was; a cut -wal leaves a log that is the beginning of what it was, and holds.
# FAULT_FLIPS (default 15) bits, FAULT_CUTS (default 16384) bytes from cut to cut beside
# those at each frame; make fault: 10,000 bits, a cut at each 64 bytes and at each byte of
# each frame's head, under sanitizers.
. "$(dirname "$0")/../cli/lib.sh"

flip=$(dirname "$HANDRAIL")/fault/flip
[ -x "$flip" ] || skip_all "no $flip" anywhere
ASAN_OPTIONS=detect_leaks=0:exitcode=99 UBSAN_OPTIONS=halt_on_error=1:exitcode=99
export ASAN_OPTIONS UBSAN_OPTIONS
shm=$(mktemp -d /dev/shm/handrail-flip.XXXXXX 2>/dev/null) || shm=$work
trap 'kill $kept 2>/dev/null; rm -rf "$work" "$shm"' EXIT

basic_policy >p.conf
{ record a1 0.51 'Write to ana@example.org.'; record a2 0.52; record a3 0.7; record a4 0.95; } >in.jsonl
mkdir "$shm/flip"
store=$shm/flip/s.db
test_store "$store"
"$HANDRAIL" -d "$store" -p p.conf ingest in.jsonl >/dev/null
"$HANDRAIL" -d "$store" search on >/dev/null
"$HANDRAIL" -d "$store" audit checkpoint >/dev/null
for id in a1 a2; do "$HANDRAIL" -d "$store" decide $id reject --note no; done
cp -R "$shm/flip" "$shm/cut"
# A -wal of few frames: one decision's.
"$HANDRAIL" -d "$shm/cut/s.db" backup "$shm/copy.db" 2>/dev/null
rm "$shm/cut"/*
"$HANDRAIL" -d "$shm/cut/s.db" restore "$shm/copy.db" >/dev/null 2>&1
"$HANDRAIL" -d "$shm/cut/s.db" decide a1 undo
[ -s "$shm/cut/s.db-wal" ]
is $? 0 "there is a -wal to cut"

"$flip" bits "$shm/flip" "${FAULT_FLIPS:-15}" "${FAULT_SEED:-1}" >out 2>&1
is $? 0 "bits that flip: $(tail -n 1 out)"
grep '^#' out | head -n 40
"$flip" cuts "$shm/cut" "${FAULT_CUTS:-16384}" "${FAULT_HEADS:-24}" >out 2>&1
is $? 0 "ends of -wal: $(tail -n 1 out)"
grep '^#' out | head -n 40
done_testing
