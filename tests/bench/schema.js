// ajv over what `bench_schema lines` prints: the schema, then instances, one a
// line.  Run where ajv is installed:
//   bench_schema lines | (cd DIR && node .../schema.js)
'use strict';

const { createRequire } = require('module');
const Ajv = createRequire(process.cwd() + '/')('ajv');
const lines = require('fs').readFileSync(0, 'utf8').trim().split('\n');
const validate = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(lines.shift()));
const values = lines.map((line) => JSON.parse(line));
const seconds = (work) => {
	const from = process.hrtime.bigint();
	work();
	return Number(process.hrtime.bigint() - from) / 1e9;
};

let alone = Infinity, parsing = Infinity, valid = 0;
for (let turn = 0; turn < 40; turn++) {
	alone = Math.min(alone, seconds(() => {
		valid = 0;
		for (const value of values)
			valid += validate(value);
	}));
	parsing = Math.min(parsing, seconds(() => {
		for (const line of lines)
			validate(JSON.parse(line));
	}));
}
console.log(`ajv: ${(lines.length / alone).toFixed()} validations/s, with ` +
    `parsing ${(lines.length / parsing).toFixed()}/s, ${valid} of ${lines.length} valid`);
