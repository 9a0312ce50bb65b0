# Screens as SVG, from what a script's `picture NAME` prints: a line for each run
# of cells, "row <TAB> column <TAB> width <TAB> look <TAB> text".  Each goes to
# DIR/screen-NAME.svg; the reviewer's name, last in the first line, becomes ana:
# awk -v dir=man -v me=NAME -f man/picture.awk
BEGIN {
	FS = "\t"
	wide = 8.4; high = 18; pad = 10
	ink = "#d8dee9"; paper = "#20242c"
	split("black #6b7280 red #f47067 green #8ddb8c yellow #e3b341 blue #6cb6ff " \
	    "magenta #dcbdfb cyan #76d9e6 white #f0f4f8", c, " ")
	for (i = 1; i < 16; i += 2)
		color[c[i]] = c[i + 1]
}
function escape(s) {
	gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s)
	return s
}
function put(row, column, width, look, text,    fill, back, style, x, y, swap) {
	fill = ink; back = ""
	for (swap in color)
		if (index(" " look " ", " " swap " "))
			fill = color[swap]
	if (look ~ /reverse/) {
		back = fill; fill = paper
	}
	x = pad + column * wide; y = pad + row * high
	if (back != "")
		printf "<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", \
		    x, y, width * wide, high, back > file
	if (text ~ /^ *$/)
		return
	style = look ~ /bold/ ? " font-weight=\"bold\"" : ""
	if (look ~ /underline/)
		style = style " text-decoration=\"underline\""
	printf "<text x=\"%.1f\" y=\"%d\" textLength=\"%.1f\" lengthAdjust=\"spacingAndGlyphs\" fill=\"%s\"%s>%s</text>\n", \
	    x, y + 13, width * wide, fill, style, escape(text) > file
}
function finish() {
	if (file == "")
		return
	print "</svg>" > file
	close(file)
}
$1 == "picture" {
	finish()
	file = dir "/screen-" $2 ".svg"
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.1f %d\" width=\"%.1f\" " \
	    "font-family=\"'DejaVu Sans Mono',Menlo,Consolas,monospace\" font-size=\"14\" " \
	    "xml:space=\"preserve\">\n", \
	    $3 * wide + 2 * pad, $4 * high + 2 * pad, $3 * wide + 2 * pad > file
	printf "<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"%s\"/>\n", paper > file
	next
}
{
	width = $3; text = $5
	if ($1 == 0 && (i = match(text, "  " me " *$")) > 0)
		text = sprintf("%-" (width) "s", substr(text, 1, i + 1) "ana")
	# Blanks at the end are only ground, unless they are underlined or reversed.
	if ($4 !~ /reverse|underline/) {
		n = length(text)
		sub(/ +$/, "", text)
		width -= n - length(text)
	}
	put($1, $2, width, $4, text)
}
END { finish() }
