// The same job as `handrail check` and `handrail ingest` on the benchmark's
// corpus, the way it is commonly done in Node: JSON.parse, ajv, regular
// expressions with spans, a set of words, better-sqlite3.
//   node pipeline.js check|ingest CORPUS PATTERNS WORDS SCHEMA [STORE]
'use strict';

const fs = require('fs');
const readline = require('readline');
const { createRequire } = require('module');
const load = createRequire(process.cwd() + '/');
const Ajv = load('ajv');

const [job, corpus, patternFile, wordFile, schemaFile, storeFile] =
    process.argv.slice(2);
const patterns = fs.readFileSync(patternFile, 'utf8').trim().split('\n')
    .map((line) => line.split('\t'))
    .map(([name, source]) => [name, new RegExp(source, 'g')]);
const listed = new Set(fs.readFileSync(wordFile, 'utf8').trim().split('\n'));
const validate = new Ajv().compile(JSON.parse(fs.readFileSync(schemaFile, 'utf8')));

function judge(record) {
	const findings = [];
	const output = record.output;
	for (const [name, pattern] of patterns)
		for (const m of output.matchAll(pattern))
			findings.push({ guard: name, kind: name, severity: 'low',
			    score: 1, start: m.index, end: m.index + m[0].length });
	for (const m of output.matchAll(/[A-Za-z]+/g))
		if (listed.has(m[0].toLowerCase()))
			findings.push({ guard: 'words', kind: 'profanity',
			    severity: 'medium', score: 1, start: m.index,
			    end: m.index + m[0].length });
	if (record.queue === 'answers') {
		let ok = false;
		try {
			ok = validate(JSON.parse(output));
		} catch {
			ok = false;
		}
		if (!ok)
			findings.push({ guard: 'answer', kind: 'json-schema',
			    severity: 'medium', score: 1, start: 0, end: output.length });
	}
	const route = record.confidence >= 0.92 && findings.length === 0 ?
	    'approve' : 'flag';
	return { id: record.id, queue: record.queue, route, findings };
}

function opened(path) {
	const db = new (load('better-sqlite3'))(path);
	db.pragma('page_size = 16384');
	db.pragma('journal_mode = WAL');
	db.pragma('synchronous = NORMAL');
	db.exec(`CREATE TABLE items (id TEXT, queue TEXT, route TEXT, model TEXT,
	    prompt TEXT, confidence REAL, payload TEXT, PRIMARY KEY (queue, id));
	    CREATE INDEX by_route ON items (route, queue);
	    CREATE TABLE findings (queue TEXT, id TEXT, guard TEXT, kind TEXT,
	    severity TEXT, score REAL, start INTEGER, end INTEGER)`);
	return db;
}

async function main() {
	const lines = readline.createInterface({ input: fs.createReadStream(corpus),
	    crlfDelay: Infinity });
	if (job === 'check') {
		let out = [];
		for await (const line of lines) {
			out.push(JSON.stringify(judge(JSON.parse(line))));
			if (out.length === 1000) {
				fs.writeSync(1, out.join('\n') + '\n');
				out = [];
			}
		}
		if (out.length)
			fs.writeSync(1, out.join('\n') + '\n');
		return;
	}
	const db = opened(storeFile);
	const item = db.prepare('INSERT INTO items VALUES (?, ?, ?, ?, ?, ?, ?)');
	const finding = db.prepare('INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
	const store = db.transaction((batch) => {
		for (const line of batch) {
			const record = JSON.parse(line);
			const verdict = judge(record);
			item.run(record.id, record.queue, verdict.route, record.model,
			    record.prompt, record.confidence, line);
			for (const f of verdict.findings)
				finding.run(record.queue, record.id, f.guard, f.kind,
				    f.severity, f.score, f.start, f.end);
		}
	});
	let batch = [];
	for await (const line of lines) {
		batch.push(line);
		if (batch.length === 10000) {
			store(batch);
			batch = [];
		}
	}
	store(batch);
	db.close();
}

main();
