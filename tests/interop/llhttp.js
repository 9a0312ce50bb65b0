// llhttp's own test requests, read by the program (http_read).
//
//   node llhttp.js HTTP_READ FOLDER
//
// A Host is put into each request that has none.  Prints for each a line of the
// test's type, what llhttp does ("taken", or its error), what the program does
// ("taken", "more" where it waits for more, or its error), the file and the test's
// name, with tabs between.
'use strict';

const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const [driver, folder] = process.argv.slice(2);
const text = /^```http\n([^]*?)\n?```$/m, log = /^```log\n([^]*?)```$/m;

// As llhttp's tests write them: lines end with CR LF, "\" goes on, escapes.
function bytes(block) {
	return block.replace(/\\\n/g, '').replace(/\n/g, '\r\n')
	    .replace(/\\x([0-9a-f]{2})/gi, (_, h) => String.fromCharCode(parseInt(h, 16)))
	    .replace(/\\([rntf])/g, (_, c) => ({ r: '\r', n: '\n', t: '\t', f: '\f' })[c]);
}

// Where llhttp saw a version end, the line ends.  An absolute target's host is named.
function withHosts(request, expected) {
	const ends = [...expected.matchAll(/^off=(\d+) version complete$/gm)]
	    .map((match) => Number(match[1])).reverse();
	for (const at of ends) {
		const head = request.slice(at).split('\r\n\r\n')[0];
		const host = /:\/\/([^/? @]*)[^@ ]* HTTP\/...$/.exec(request.slice(0, at));
		if (!/^host\s*:/im.test(head))
			request = request.slice(0, at) + '\r\nHost: ' +
			    (host === null ? 'a' : host[1]) + request.slice(at);
	}
	return request;
}

function read(request) {
	const frame = Buffer.alloc(4);
	const body = Buffer.from(request, 'latin1');
	frame.writeUInt32LE(body.length);
	const run = spawnSync(driver, [], { input: Buffer.concat([frame, body]) });
	if (run.status !== 0)
		throw new Error(`${driver}: ${run.error || run.status}`);
	const lines = run.stdout.toString('latin1').replace(/\0$/, '').trimEnd().split('\n');
	const end = lines.at(-1);
	return end === 'idle' || end === 'end' ? 'taken' : end;
}

for (const file of fs.readdirSync(folder).sort()) {
	const tests = fs.readFileSync(path.join(folder, file), 'latin1')
	    .split(/^(?=##+ )/m);
	for (const test of tests) {
		const type = /"type": *"(request[^"]*)"/.exec(test);
		if (type === null || !text.test(test) || !log.test(test) ||
		    /"(pause|skipBody)"/.test(test))
			continue;
		const expected = log.exec(test)[1];
		const error = /error code=\d+ reason="([^"]*)"/.exec(expected);
		const request = withHosts(bytes(text.exec(test)[1]), expected);
		console.log([type[1], error === null ? 'taken' : error[1], read(request), file,
		    /^#+ (.*)/.exec(test)[1]].join('\t'));
	}
}
