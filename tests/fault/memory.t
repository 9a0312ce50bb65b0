#!/bin/sh
# Each command while one allocation fails, and while all from one on do: it does its
# work and says the same, or ends with exit 2 and one line; it never says less.
# FAULT_POINTS (default 12) points a command.
. "$(dirname "$0")/../cli/lib.sh"

command -v cc >/dev/null || skip_all "no cc" anywhere
! ldd "$HANDRAIL" 2>/dev/null | grep -q asan || skip_all "a sanitizer has its own memory" anywhere
cc -shared -fPIC -O1 -o nomem.so "$root/tests/fault/nomem.c" || skip_all "the shim is not built"
points=${FAULT_POINTS:-12}
HANDRAIL_CLOCK=1790000000000,10000000000
export HANDRAIL_CLOCK

basic_policy >p.conf
{ record a1 0.51 'Write to ana@example.org.'; record a2 0.52; record a3 0.95; } >base.jsonl
record n1 0.7 >in.jsonl
cat >prompts.json <<'END'
[{"name":"a","prompt":"As {{ x }}: {{a.b}}","config":{"b":[1.50],"a":{}},"version":3,"labels":["production"],"tags":["t"]},
 {"name":"q","template":[{"role":"user","content":"{{q}} \u00e9"}],"aliases":["c"],"tags":{"t":"x"},"response_format":{}}]
END
test_store base.db
"$HANDRAIL" -d base.db -p p.conf ingest base.jsonl >/dev/null 2>&1
"$HANDRAIL" -d base.db decide a1 reject --note no

fresh() {
	rm -rf s.db* out.jsonl* b.db*
	forget
	cp base.db s.db
}
# lacking AT=N|FROM=N ARGS...
lacking() {
	lack=$1; shift
	env "NOMEM_$lack" LD_PRELOAD="$PWD/nomem.so" timeout 60 "$HANDRAIL" "$@" >out 2>e </dev/null
	rc=$?
	grep -v 'MB free' out >o
}
lacks() {
	fresh
	NOMEM_COUNT=count LD_PRELOAD="$PWD/nomem.so" "$HANDRAIL" "$@" >out 2>/dev/null </dev/null
	wanted=$?
	grep -v 'MB free' out >want
	total=$(cat count)
	for mode in AT FROM; do
		bad=0 tried=0 n=1
		step=$(((total + points - 1) / points)) last=$((total - 64))
		[ $last -gt 0 ] || last=$total
		while [ "$n" -le "$total" ]; do
			fresh
			lacking $mode=$n "$@"
			tried=$((tried + 1))
			why=
			if [ $rc = $wanted ] && cmp -s o want; then
				:
			elif [ $rc != 2 ]; then
				why="exit $rc: $(head -n 3 e) $(diff want o | head -n 3)"
			elif [ "$(grep -c '^handrail: ' e)" != 1 ]; then
				why="not one line: $(cat e)"
			fi
			[ -z "$why" ] || { bad=$((bad + 1)); diag "$mode $n: $why"; }
			# What ends it is looked at more closely.
			n=$((n + step))
			[ $n -le $last ] || [ $step = 4 ] || { n=$last; step=4; }
		done
		is $bad 0 "$mode: $tried of $total allocations: $*"
	done
	"$HANDRAIL" -d s.db audit verify >/dev/null 2>v || diag "$(cat v)"
}
lacks -d s.db list --state all
lacks -d s.db list --state all --json
lacks -d s.db show a1
lacks -d s.db show --json a1
lacks -d s.db stats
lacks -d s.db decide a2 accept
lacks -d s.db ingest --json in.jsonl
lacks -d s.db audit query
lacks -d s.db audit verify
lacks -d s.db export --format jsonl
lacks -d s.db releases
lacks -d s.db prompt import prompts.json
"$HANDRAIL" -d base.db prompt import prompts.json >/dev/null 2>&1
"$HANDRAIL" -d base.db prompt add a in.jsonl --text >/dev/null
"$HANDRAIL" -d base.db bundle make a@latest >/dev/null
lacks -d s.db bundle use 1
lacks -d s.db doctor
lacks -d s.db backup b.db
lacks -d s.db erase a1
done_testing
