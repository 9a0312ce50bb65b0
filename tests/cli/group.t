#!/bin/sh
# A store that three people share: nobody passes for another, each may do what their
# role says, and who may only read it can ask the log and verify it.
. "$(dirname "$0")/lib.sh"

[ "$(id -u)" = 0 ] || skip_all "not root: no users can be made" may
for tool in useradd userdel groupadd groupdel setpriv; do
	command -v $tool >/dev/null || skip_all "no $tool" may
done
grep -q 4294967295 /proc/self/loginuid 2>/dev/null || [ ! -e /proc/self/loginuid ] ||
    skip_all "a login uid is set here, which stands above all users" may

g=hr$$
trap 'for u in ana bo cy ed; do userdel $g$u; done >/dev/null 2>&1
    for u in rev sen; do groupdel $g$u; done >/dev/null 2>&1; rm -rf "$work"' EXIT
groupadd ${g}rev && groupadd ${g}sen || skip_all "no groups can be made" may
useradd -M -g ${g}rev -G ${g}sen ${g}ana && useradd -M -g ${g}rev ${g}bo &&
    useradd -M -g ${g}rev ${g}cy && useradd -M ${g}ed || skip_all "no users can be made" may
chmod 711 "$work"
cp "$HANDRAIL" "$work/hr"
HANDRAIL=$work/hr
mkdir shared lone
chgrp ${g}rev shared
chmod 2770 shared
for u in ana bo cy ed; do
	mkdir -m 700 "of.$g$u"
	chown "$g$u" "of.$g$u"
done
store=$work/shared/s.db

# as USER ARGS...: leaves $out, $err, $code.
prog() {
	user=$g$1; shift
	setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups \
	    env XDG_STATE_HOME="$work/of.$user" "$@"
}
as() {
	who=$1; shift
	prog "$who" "$HANDRAIL" -d "$store" "$@" >.out 2>.err
	code=$? out=$(cat .out) err=$(cat .err)
}
last() { "$HANDRAIL" -d "$store" audit query --json --event decision | tail -n 1 | jq -r '.actor.name + " " + .item'; }

cat >p.conf <<END
queue "q" { rule "all" { when = "0"  route = approve } }
role "reviewer" { group = "${g}rev"  may = { "review" } }
role "senior"   { group = "${g}sen"  may = { "review", "export", "audit", "erase", "policy", "undo" } }
END
"$HANDRAIL" -d "$store" init --group ${g}rev >init.out 2>&1 || { cat init.out; exit 1; }
"$HANDRAIL" -d "$store" policy apply p.conf >apply.out 2>&1 || { cat apply.out; exit 1; }
i=0
while [ $i -lt 31 ]; do i=$((i + 1)); echo "{\"id\":\"i$i\",\"queue\":\"q\",\"output\":\"x\"}"; done |
    "$HANDRAIL" -d "$store" ingest - >/dev/null
like "$(stat -c '%a %G' "$store" "$store"-[lsw]* | sort -u | paste -sd, -)" "^660 ${g}rev\$" "the files are the group's"
is "$(stat -c %a "$store-key")" 600 "the key that signs is its maker's alone"

for u in ana bo cy; do
	as $u decide i$((n = n + 1)) accept
	is "$code $(last)" "0 $g$u i$n" "$u decides as $u"
done

# Twelve ways to be somebody else.
id=4
spoof() {	# NAME PREFIX...
	what=$1; shift
	id=$((id + 1))
	prog bo "$@" "$HANDRAIL" -d "$store" decide i$id accept >.out 2>.err
	case $? in
	0) is "$(last)" "${g}bo i$id" "spoof: $what: it is still bo" ;;
	*) is "$("$HANDRAIL" -d "$store" show --json i$id | jq -r .state)" flagged "spoof: $what: refused" ;;
	esac
}
uid=$(id -u ${g}ana)
mkdir -m 755 bin
printf '#!/bin/sh\necho %s\n' ${g}ana | tee bin/id bin/whoami bin/logname >/dev/null
chmod 755 bin/*
echo "${g}ana:x:$(id -u ${g}bo):0::/:/bin/sh" >passwd
chmod 644 passwd
spoof "\$USER, \$LOGNAME" env USER=${g}ana LOGNAME=${g}ana USERNAME=${g}ana
spoof "\$HOME" env HOME=/home/${g}ana
spoof "\$SUDO_USER" env SUDO_USER=${g}ana SUDO_UID="$uid"
spoof "programs in \$PATH" env PATH="$work/bin:$PATH"
spoof "\$HANDRAIL_USER" env HANDRAIL_USER=${g}ana HANDRAIL_UID="$uid"
spoof "a file of names" env NSS_WRAPPER_PASSWD="$work/passwd" HOSTALIASES="$work/passwd"
spoof "a user namespace" unshare --user --map-user="$uid"
spoof "one as its root" unshare --user --map-root-user
spoof "one within another" unshare --user --map-user="$uid" unshare --user --map-user="$uid"
spoof "one as who is nobody" unshare --user --map-user=65534
spoof "the name of the program" sh -c 'ln -sf "$1" '"$work"'/bin/x 2>/dev/null; exec "$@"' sh
# Where no login uid is set anybody may set it, once; what a login set is believed.
if [ -w /proc/self/loginuid ]; then
	ana=$(id -u ${g}ana)
	refused() {
		is "$code:$(printf '%s' "$err" | grep -c 'who you are is not sure')" 2:1 "spoof: $1: refused"
	}
	prog bo sh -c 'echo "$2" >/proc/self/loginuid; "$1" -d "$3" decide i29 accept; true' - "$HANDRAIL" "$ana" "$store" >.out 2>.err
	code=2 err=$(cat .err)
	refused "a login uid of one's own making"
	prog bo sh -c 'echo "$2" >/proc/self/loginuid; setsid sh -c "\"\$@\"" - "$1" -d "$3" decide i29 accept' - "$HANDRAIL" "$ana" "$store" >.out 2>.err
	code=$? err=$(cat .err)
	refused "one of a session of its own"
	is "$("$HANDRAIL" -d "$store" show --json i29 | jq -r .state)" flagged "nothing came of it"
	sh -c 'echo "$1" >/proc/self/loginuid; shift; "$@"; true' - "$ana" setpriv --reuid=${g}bo --regid=${g}rev --init-groups \
	    env XDG_STATE_HOME="$work/of.${g}bo" "$HANDRAIL" -d "$store" decide i29 accept >/dev/null
	is "$(last)" "${g}ana i29" "who logged in stays who she is as another user"
	if command -v sudo >/dev/null; then
		sh -c 'echo "$1" >/proc/self/loginuid; shift; sudo -n -u "$@"; true' - "$ana" ${g}bo \
		    env XDG_STATE_HOME="$work/of.${g}bo" "$HANDRAIL" -d "$store" decide i30 accept >/dev/null
		is "$(last)" "${g}ana i30" "through sudo too"
		sudo -n -u ${g}bo env SUDO_USER=${g}ana XDG_STATE_HOME="$work/of.${g}bo" "$HANDRAIL" -d "$store" decide i31 accept
		is "$(last)" "${g}bo i31" "where nobody logged in it is whom sudo made, whatever \$SUDO_USER says"
	else
		diag "no sudo here"
	fi
fi
token=$(prog ana "$HANDRAIL" -d "$store" next --json | jq -r '.id, .lease.token' | paste -sd' ' -)
as bo decide "${token% *}" accept --token "${token#* }"
is "$code $("$HANDRAIL" -d "$store" show --json "${token% *}" | jq -r .state)" "1 flagged" "spoof: another's token: refused"

# A group that a process has, and its user has not.
setpriv --reuid=${g}bo --regid=${g}rev --groups "$(getent group ${g}rev | cut -d: -f3),$(getent group ${g}sen | cut -d: -f3)" \
    "$HANDRAIL" -d "$store" export --format jsonl >.out 2>.err
is $? 1 "a group that only the process has gives no role"

# Each act to its role.
sed 's/"0"/"1"/' p.conf >q.conf
chmod 644 q.conf
for act in "export --format jsonl" "audit query" "audit verify" "backup $work/shared/b.db" "erase i1" "purge --before 0d" \
    "policy apply q.conf" "lease free ${token% *}" "reroute"; do
	# shellcheck disable=SC2086
	as bo $act
	is "$code:$(printf '%s' "$err" | grep -c 'may not\|only')" 1:1 "bo, a reviewer, may not: ${act%% /*}"
	[ "$code" = 1 ] || diag "$err"
done
[ ! -e shared/b.db ]
is $? 0 "and no copy is there"
for act in "export --format jsonl" "audit query --event decision" "audit verify" "backup $work/shared/b.db" "erase i1"; do
	# shellcheck disable=SC2086
	as ana $act
	is "$code" 0 "ana, a senior, may: ${act%% /*}"
	[ "$code" = 0 ] || diag "$err"
done

# Who may read and not write: outside of the group, and in a folder that is theirs to read.
as ed audit verify
is "$code" 2 "somebody outside of the group has nothing of it"
cp shared/b.db lone/r.db
sqlite3 lone/r.db 'PRAGMA journal_mode = WAL' >/dev/null
chmod 755 lone
chmod 644 lone/*
store=$work/lone/r.db
as ed audit verify
is "$code${err:+: $err}" 0 "who may only read a store can verify it, whatever the role"
as ed audit query --event decision --json
is "$(json .event | sort -u)" decision "and ask its log"
as ed export --format jsonl
is "$code" 2 "and no more"
is "$(ls lone)" r.db "nothing is left beside it"
# The same of one that an older version made, which only who writes brings up to date.
older_store lone/r.db 16
rm -rf of.*/handrail/witness
sqlite3 lone/r.db 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
rm -f lone/r.db-*
before=$(sha256sum <lone/r.db)
store=./lone/r.db
as ed audit verify
like "$code $err" '^0 handrail: ./lone/r.db: an older version made it: what is read is a copy' "an older store too, of which a copy is read"
as ed audit query --event decision --json
is "$(json .event | sort -u)" decision "and its log"
is "$(sha256sum <lone/r.db) $(ls lone)" "$before r.db" "it stays as it is"
store=$work/lone/r.db
echo x >lone/r.db-wal
chmod 644 lone/*
as ed audit verify
is "$code" 2 "with changes in -wal that cannot be read"
like "$err" 'its last changes are in .*r\.db-wal' "says so, and what to do"
done_testing
