# shellcheck shell=sh
# A real terminal for the tests here: a detached tmux of their own, looked at
# until what is expected stands on it.  Sourced after tests/cli/lib.sh.

command -v tmux >/dev/null 2>&1 || skip_all "no tmux"
terminals=0
socket=
unset TMUX TMUX_PANE

# The trap of lib.sh, and no terminal left behind.
# shellcheck disable=SC2154 # work is lib.sh's
trap 'stop 2>/dev/null; kill $kept 2>/dev/null; rm -rf "$work"' EXIT

# stop: the terminal goes away, as when a connection breaks.
stop() {
	[ -z "$socket" ] || tmux -L "$socket" kill-server
	socket=
}

# start COLUMNS ROWS [NAME=VALUE...]: a shell in a terminal of that size.
start() {
	columns=$1 rows=$2; shift 2
	# A server that is about to end must not be asked for a new session.
	terminals=$((terminals + 1))
	socket=handrail-test-$$-$terminals
	tmux -L "$socket" -f /dev/null new-session -d -s t -x "$columns" -y "$rows" \
	    "env PS1='\$ ' ENV= $* sh" || return 1
	tmux -L "$socket" set-option -t t status off >/dev/null
	tmux -L "$socket" resize-window -t t -x "$columns" -y "$rows"
	see '$'
}

# keys KEY...: as tmux names them (Enter, C-d, Escape, "text").
keys() {
	tmux -L "$socket" send-keys -t t "$@"
}
# decide KEY...: keys that decide, as of somebody who has looked at the screen first.
decide() {
	sleep 0.8
	keys "$@"
}
# text STRING: typed as it is.
text() {
	tmux -L "$socket" send-keys -t t -l "$1"
}
shown() {
	tmux -L "$socket" capture-pane -p -t t
}

# see TEXT: waits until the screen holds it, 10 s at most.
see() {
	n=0
	until shown | grep -qF -- "$1"; do
		n=$((n + 1))
		if [ $n -gt 200 ]; then
			echo "never seen: $1"
			shown
			return 1
		fi
		sleep 0.05
	done
}
# gone TEXT: waits until the screen does not hold it any more.
gone() {
	n=0
	while shown | grep -qF -- "$1"; do
		n=$((n + 1))
		if [ $n -gt 200 ]; then
			echo "still there: $1"
			shown
			return 1
		fi
		sleep 0.05
	done
}
# until_true COMMAND...: waits until it succeeds, 10 s at most.
until_true() {
	n=0
	until "$@"; do
		n=$((n + 1))
		[ $n -le 200 ] || return 1
		sleep 0.05
	done
}
cursor() {
	tmux -L "$socket" display-message -p -t t '#{cursor_y} #{cursor_x}'
}
