// Generated requests, valid ones and nearly valid ones, read by the program
// (http_read) and by Node's parser (llhttp), side by side.
//
//   node framing.js HTTP_READ COUNT [SEED]
//
// Prints one line for each kind of difference: how many, what the program did, what
// Node did, and an example, escaped.  "taken": the request was read whole, "more":
// its rest is waited for, "idle": none began.
'use strict';

const { spawnSync } = require('child_process');
const { HTTPParser, methods } = require('_http_common');

const [driver, countText, seedText] = process.argv.slice(2);
const count = Number(countText);
const batch = 10000;

// mulberry32: the same requests on every machine.
let state = Number(seedText || 1) >>> 0;
function random() {
	state = (state + 0x6d2b79f5) >>> 0;
	let t = state;
	t = Math.imul(t ^ (t >>> 15), t | 1);
	t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const below = (n) => Math.floor(random() * n);
const pick = (list) => list[below(list.length)];
const chance = (p) => random() < p;
const rarely = (usual, odd) => chance(0.93) ? usual : pick(odd);

const odd = {
	method: ['PUT', 'HEAD', 'OPTIONS', 'DELETE', 'PATCH', 'get', 'FOO', 'GE T',
	    'CONNECT', 'TRACE', 'PROPFIND', 'M-SEARCH', 'G@T', 'PRI', 'QUERY', ''],
	target: ['*', '/a?b=c', '/%20', '/%', '//', '', 'x', '/a b', '/\t', '/\x80',
	    '/#f', '/"', '/\\', '/{}', '/?{|}', 'http://a/', 'http://b/',
	    'http://a', 'HTTPS://A:443/x?y', 'http://u@a/', 'ftp://a/', 'a:80',
	    '/' + 'x'.repeat(300), '/' + 'x'.repeat(8192), 'http:///', 'http://[::1]/', '/\0', '/\x7f'],
	version: ['HTTP/1.0', 'HTTP/1.2', 'HTTP/2.0', 'HTTP/0.9', 'HTTP/1.10',
	    'http/1.1', 'HTTP/1', 'HTTP/1.1 ', 'HTTP /1.1', '', 'HTTP/9.9',
	    'ICE/1.0', 'RTSP/1.0'],
	space: ['  ', '\t', '', '\v'],
	eol: ['\n', '\r', '\r\r\n', '\n\r', '\r\n ', ''],
	host: ['a:80', '[::1]', '[::1', '', 'a,b', 'a b', 'a/b', 'u@a', 'a:x',
	    'a:99999', 'A', '\xc3\xa4'],
	length: ['+5', '-5', '0x5', '5, 5', '5 5', '', ' ', '05', '5.0', '5e0',
	    '18446744073709551621', '18446744073709551616', '999999999999999',
	    '9999999999999999', '5;', '\v5', '5\0', '4', '6', '0', '1048577'],
	coding: ['gzip, chunked', 'chunked, gzip', 'identity', 'Chunked', '',
	    'chunked, chunked', 'xchunked', 'chunkedx', 'chunked;q=1', '\vchunked',
	    '"chunked"', 'chunked,', ',chunked', 'chunk', 'gzip', 'chunked\0',
	    '\tchunked \t'],
	size: ['0x5', '5 ', ' 5', '+5', '-5', '5;a=b', '5;a="b\n"', '5 ;a', '5\t',
	    '05', '00000000000000005', '000000000000005', '10000000000000005',
	    'fffffffffffffff', 'ffffffffffffffff', '', ';', '5;', '5;\0', '5_',
	    'g', '4', '6', '5;a="b', '5;a = b', '5;\x80', '100001'],
	name: ['X ', ' X', 'X Y', '', 'X\0', '\x80', 'X:Y', '(X)', 'X\t', 'X\r',
	    'Content-Length ', 'Transfer-Encoding\v', 'Transfer_Encoding'],
	value: ['', 'a\0', 'a\rb', 'a\nb', '\x80\xff', 'a\tb', '\t a \t', '\x7f',
	    '\x01', 'a:b', ' ', '"a', '\va', 'y'.repeat(400)],
	connection: ['close', 'keep-alive', 'Close', 'upgrade', 'x, close', 'closex',
	    'close, keep-alive', ' close ,', 'keep-alive, upgrade', 'TE', '"close"']
};

const eol = () => chance(0.998) ? '\r\n' : pick(odd.eol);
const colon = () => chance(0.98) ? pick([': ', ':', ':  ']) :
    pick([' : ', '', '\t:', '::', ':\r\n ', ':\t', ': \t']);
const field = (name, value) => name + colon() + value + eol();

function chunks(text) {
	let out = '';
	for (let n = below(3); n > 0; n--) {
		out += rarely(pick(['5', '5;x=y', '0005']), odd.size) + eol() +
		    text + eol();
	}
	out += rarely('0', ['00', '0;x', '0 ', '-0', '', '0x0']) + eol();
	while (chance(0.1))
		out += field(rarely('T', odd.name), rarely('u', odd.value));
	return out + eol();
}

// A field of each kind, mostly at most one, in any order.
function request() {
	const text = chance(0.9) ? 'hello' : 'he\r\n<';
	const fields = [], body = below(4);
	let payload = '';

	fields.push(field(chance(0.97) ? 'Host' : 'hOST', rarely('a', odd.host)));
	if (chance(0.02))
		fields.pop();
	if (chance(0.01))
		fields.push(field('Host', pick(['a', 'b'])));
	if (body === 1 || chance(0.02)) {
		fields.push(field(chance(0.9) ? 'Content-Length' : 'content-lengtH',
		    rarely('5', odd.length)));
		payload = text;
	}
	if (body === 2 || chance(0.02)) {
		fields.push(field(chance(0.9) ? 'Transfer-Encoding' :
		    'TRANSFER-encoding', rarely('chunked', odd.coding)));
		payload = chance(0.98) ? chunks(text) : text;
	}
	if (fields.length > 0 && chance(0.01))
		fields.push(pick(fields));
	if (chance(0.15))
		fields.push(field('Connection', pick(odd.connection)));
	if (chance(0.02))
		fields.push(field('Upgrade', pick(['h2c', 'websocket'])));
	if (chance(0.02))
		fields.push(field('Expect', pick(['100-continue', '100-Continue',
		    'x', ''])));
	while (chance(0.4))
		fields.push(field(rarely(pick(['X', 'Accept', 'x-a_b']), odd.name),
		    rarely(pick(['y', 'a, b']), odd.value)));
	if (chance(0.001))
		for (let n = 0; n < 110; n++)
			fields.push('X: y\r\n');
	fields.sort(() => random() - 0.5);
	return rarely(pick(['GET', 'POST']), odd.method) +
	    (chance(0.995) ? ' ' : pick(odd.space)) +
	    rarely(pick(['/', '/v1/check?x=y']), odd.target) +
	    (chance(0.995) ? ' ' : pick(odd.space)) +
	    (chance(0.95) ? 'HTTP/1.1' : pick(odd.version)) + eol() +
	    fields.join('') + eol() + payload;
}

const bytes = ['\r', '\n', '\r\n', ' ', '\t', '\0', ':', ';', ',', '0', '5', 'a',
    '\v', '\x80', '\xff', '\x7f', '-', '"', '%'];

function connection() {
	let text = chance(0.02) ? pick(['\r\n', '\n', '\r', '\r\n\r\n', ' ']) : '';

	for (let n = 1 + below(3); n > 0; n--)
		text += request();
	while (chance(0.15)) {
		const at = below(text.length + 1);
		text = text.slice(0, at) + (chance(0.5) ? pick(bytes) : '') +
		    text.slice(at + below(2));
	}
	return chance(0.03) ? text.slice(0, below(text.length)) : text;
}

const escape = (s) => s.replace(/[^ -~]|[\\<]/g,
    (c) => '\\x' + c.charCodeAt(0).toString(16).padStart(2, '0'));

// What Node's parser reads: messages as http_read prints them, then its end.
function nodeReads(buffer) {
	const messages = [], parser = new HTTPParser();
	let message = '', pending = [], target = '', closes = false, inside = false;

	parser.initialize(HTTPParser.REQUEST, {}, 16384, 0);
	parser[HTTPParser.kOnMessageBegin] = () => { inside = true; };
	parser[HTTPParser.kOnHeaders] = (headers, url) => {
		pending.push(...headers);
		target += url;
	};
	parser[HTTPParser.kOnHeadersComplete] = (major, minor, headers, method, url,
	    status, text, upgrade, keepAlive) => {
		closes = !keepAlive;
		target += url || '';
		message = `${methods[method]} ${escape(target)} ${major}.${minor}` +
		    `${closes ? ' close' : ''}\n`;
		pending.push(...(headers || []));
		for (let i = 0; i < pending.length; i += 2)
			message += `${escape(pending[i])}: ${escape(pending[i + 1])}\n`;
		message += '>';
		pending = [];
		target = '';
		return 0;
	};
	parser[HTTPParser.kOnBody] = (piece) => {
		message += escape(piece.toString('latin1'));
	};
	parser[HTTPParser.kOnMessageComplete] = () => {
		inside = false;
		messages.push(message + '<');
		pending = [];	// trailers, and the target once more
		target = '';
	};
	const result = parser.execute(buffer);
	let end = inside ? 'more' : 'idle';
	if (result instanceof Error)
		end = result.code;
	else if (result < buffer.length)
		end = 'UPGRADE';
	parser.close();
	return { messages, end };
}

// The same of what http_read printed.
function ourReads(text) {
	const parts = text.replace(/^([A-Z]+ \S+ 1\.[01](?: close)?) expect$/gm, '$1')
	    .split('<\n');
	const lines = parts.pop().trimEnd().split('\n');

	return { messages: parts.map((part) => part + '<'), end: lines.pop() };
}

// What they differ in, as two words; null where they agree.  A message after one
// that closes does not count: the program reads none.
function difference(ours, node) {
	for (let i = 0; ; i++) {
		const a = ours.messages[i], b = node.messages[i];
		if (a !== undefined && a === b) {
			if (/^\S+ \S+ \S+ close\n/.test(a))
				return null;
			continue;
		}
		if (a !== undefined && b !== undefined)
			return [readDifferently(a, b), ''];
		const x = a !== undefined ? 'taken' : ours.end;
		const y = b !== undefined ? 'taken' : node.end;
		const refused = /^[45]\d\d /.test(x) && /^HPE_/.test(y);
		return x === y || refused ? null : [x, y];
	}
}

function readDifferently(a, b) {
	const [headA, bodyA] = a.split('\n>'), [headB, bodyB] = b.split('\n>');
	const linesA = headA.split('\n'), linesB = headB.split('\n');

	const a0 = linesA.shift(), b0 = linesB.shift();
	if (a0 !== b0)
		return 'read differently: ' + (a0 === b0 + ' close' ? a0.split(' ')[2] +
		    ' closes' : 'request line');
	if (linesA.join('\n') !== linesB.join('\n'))
		return 'read differently: fields';
	return bodyA !== bodyB ? 'read differently: body' : 'read differently';
}

const found = new Map();
let taken = 0, refused = 0, refusedByBoth = 0;

for (let done = 0; done < count; done += batch) {
	const texts = [], frames = [];
	for (let i = 0; i < batch && done + i < count; i++) {
		const text = Buffer.from(connection(), 'latin1');
		const length = Buffer.alloc(4);
		length.writeUInt32LE(text.length);
		texts.push(text);
		frames.push(length, text);
	}
	const run = spawnSync(driver, [], { input: Buffer.concat(frames),
	    maxBuffer: 1 << 28 });
	if (run.status !== 0)
		throw new Error(`${driver}: ${run.error || run.stderr}`);
	const answers = run.stdout.toString('latin1').split('\0');
	texts.forEach((text, i) => {
		const ours = ourReads(answers[i]), node = nodeReads(text);
		const what = difference(ours, node);
		taken += ours.messages.length;
		refused += /^[45]\d\d /.test(ours.end);
		refusedByBoth += /^[45]\d\d /.test(ours.end) && /^HPE/.test(node.end);
		if (what === null)
			return;
		const key = what.join('\t');
		const row = found.get(key) || { n: 0, example: escape(text.toString(
		    'latin1')) };
		row.n++;
		found.set(key, row);
	});
}
for (const [key, row] of [...found].sort((a, b) => b[1].n - a[1].n))
	console.log(`${row.n}\t${key}\t${row.example}`);
console.error(`${count} connections: ${taken} requests read, ${refused} refused,` +
    ` ${refusedByBoth} by both; Node ${process.versions.node}, llhttp ${process.versions.llhttp}`);
