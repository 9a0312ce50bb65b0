// Portkey's gateway from npm with the service as its webhook guard, in front of a mock
// of a model.  Arguments: URL of the webhook, KEY of the service.  Each line of
// standard input is what a user asks; of output: what the model was asked, what came
// back, and why not.
const http = require('http');
const net = require('net');
const path = require('path');
const readline = require('readline');
const { spawn } = require('child_process');

const [webhookURL, key] = process.argv.slice(2);
const answers = { leak: 'Write to bob@example.com.', curse: 'You idiot.' };
let asked;
const mock = http.createServer((req, res) => {
	let body = '';
	req.on('data', (d) => { body += d; });
	req.on('end', () => {
		asked = JSON.parse(body).messages.at(-1).content;
		res.setHeader('content-type', 'application/json');
		res.end(JSON.stringify({ id: 'c1', object: 'chat.completion', created: 1, model: 'm1',
			choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant',
				content: answers[asked] ?? 'Fine.' } }],
			usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } }));
	});
});
const listen = (server) => new Promise((done) => server.listen(0, '127.0.0.1',
    () => done(server.address().port)));

async function freePort() {
	const s = net.createServer();
	const port = await listen(s);
	await new Promise((done) => s.close(done));
	return port;
}

async function ask(port, config, text) {
	asked = undefined;
	const res = await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'authorization': 'Bearer x',
			'x-portkey-config': JSON.stringify(config) },
		body: JSON.stringify({ model: 'm1', messages: [{ role: 'user', content: text }] }),
	});
	const body = await res.json();
	return JSON.stringify({ status: res.status, asked: asked ?? null,
		said: body.choices?.[0]?.message?.content ?? null,
		reason: [...(body.hook_results?.before_request_hooks ?? []),
			...(body.hook_results?.after_request_hooks ?? [])].flatMap((h) => h.checks)
		    .map((c) => c.data?.responseData?.reason).find((r) => r) ?? null });
}

async function main() {
	const [mockPort, port] = [await listen(mock), await freePort()];
	const gateway = spawn(process.execPath, [path.join(path.dirname(
	    require.resolve('@portkey-ai/gateway/package.json')), 'build/start-server.js'),
	    `--port=${port}`, '--headless'], { stdio: ['ignore', 'ignore', 'inherit'] });
	process.on('exit', () => gateway.kill());
	const check = { 'default.webhook': { webhookURL, headers: { 'x-api-key': key },
	    failOnError: true }, deny: true };
	const config = { provider: 'openai', api_key: 'x',
		custom_host: `http://127.0.0.1:${mockPort}/v1`,
		input_guardrails: [check], output_guardrails: [check] };
	for (let tries = 0; tries < 400; tries++) {
		try {
			await fetch(`http://127.0.0.1:${port}/`);
			break;
		} catch (e) {
			await new Promise((done) => setTimeout(done, 50));
		}
	}
	for await (const line of readline.createInterface({ input: process.stdin }))
		console.log(await ask(port, config, line));
	process.exit(0);
}
main();
