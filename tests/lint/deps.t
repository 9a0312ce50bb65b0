#!/bin/sh
# The set-up says what it will install and through what before it does, and leaves
# it out when told to.
. "$(dirname "$0")/../cli/lib.sh"

mkdir bin
for c in sh cut id printf env cat; do
	ln -s "$(command -v "$c")" "bin/$c"
done
# A package manager that writes down what it is asked for and what was said before.
cat >bin/apt-get <<\SH
#!/bin/sh
cat "$SAID" >said-before
echo "$*" >>asked
SH
chmod +x bin/apt-get
[ "$(id -u)" -eq 0 ] || {
	printf '#!/bin/sh\nexec "$@"\n' >bin/sudo
	chmod +x bin/sudo
}

SAID=$work/said PATH=$work/bin "$work/bin/sh" "$root/.ci/deps" \
    cmd:nonesuch:none-such:x:y 2>said
is "$?" 1 "what is still missing after the installation fails"
like "$(cat said-before)" '^deps: installing through (sudo )?apt-get: .*none-such' \
    "what will be installed is said before, and through what"
like "$(cat asked)" 'install .*none-such' "and then asked for"
rm -f asked

DEPS=skip PATH=$work/bin "$work/bin/sh" "$root/.ci/deps" \
    cmd:nonesuch:none-such:x:y 2>said
is "$?:$(cat said)" "0:" "DEPS=skip leaves it out"
ok "and asks for nothing" test ! -e asked
done_testing
