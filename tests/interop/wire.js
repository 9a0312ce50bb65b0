// What OpenAI's and Anthropic's clients make of the events that wire_events writes;
// a line an API and a way: "chat plain same".
const { execFileSync } = require('child_process');
const assert = require('assert');
const http = require('http');
const OpenAI = require('openai').default;
const Anthropic = require('@anthropic-ai/sdk').default;

const program = process.argv[2];
const wire = (api, input, ...how) =>
	execFileSync(program, [api, ...how], { input, maxBuffer: 1 << 26 }).toString();

const call = (id, name, args) =>
	({ id, type: 'function', function: { name, arguments: args } });
const answers = {
	chat: { id: 'c', object: 'chat.completion', created: 1700000000, model: 'm',
		system_fingerprint: 'fp', choices: [
			{ index: 0, message: { role: 'assistant', content: 'Héllo "wörld"\n', refusal: null },
				logprobs: { content: [{ token: 'Hé', logprob: -0.1, bytes: [72], top_logprobs: [] }], refusal: null },
				finish_reason: 'stop' },
			{ index: 1, message: { role: 'assistant', content: null, refusal: null,
				tool_calls: [call('a', 'send', '{"to":"ann"}'), call('b', 'wait', '{}')] },
				logprobs: null, finish_reason: 'tool_calls' }],
		usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 } },
	responses: { id: 'r', object: 'response', created_at: 1700000000, status: 'completed',
		error: null, incomplete_details: null, model: 'm', tools: [], output: [
			{ id: 't', type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
			{ id: 'i', type: 'message', status: 'completed', role: 'assistant', content: [
				{ type: 'output_text', text: 'Héllo', logprobs: [],
					annotations: [{ type: 'url_citation', url: 'http://x', title: 't', start_index: 0, end_index: 1 }] },
				{ type: 'refusal', refusal: 'no' }] },
			{ id: 'f', type: 'function_call', status: 'completed', call_id: 'a', name: 'send', arguments: '{"to":"ann"}' }],
		usage: { input_tokens: 3, output_tokens: 4, total_tokens: 7 } },
	messages: { id: 'm', type: 'message', role: 'assistant', model: 'm', content: [
		{ type: 'thinking', thinking: 'hm', signature: 'sig' }, { type: 'text', text: 'Héllo' },
		{ type: 'tool_use', id: 'a', name: 'send', input: { to: 'ann', n: [1, 2] } },
		{ type: 'tool_use', id: 'b', name: 'wait', input: {} }],
		stop_reason: 'tool_use', stop_sequence: null, usage: { input_tokens: 3, output_tokens: 4 } },
};

// What the clients add to an answer themselves.
const own = new Set(['parsed', 'parsed_arguments', 'output_parsed', 'output_text', 'parsed_output']);
const plain = (o) => JSON.parse(JSON.stringify(o, (k, v) => own.has(k) ? undefined : v));

let body = '';
const server = http.createServer((q, r) => q.resume().on('end', () => {
	r.writeHead(200, { 'content-type': 'text/event-stream' });
	r.end(body);
}));

// The client's own stream class, to its end.
const clients = (url) => {
	const openai = new OpenAI({ apiKey: 'k', baseURL: url, maxRetries: 0 });
	const anthropic = new Anthropic({ apiKey: 'k', baseURL: url, maxRetries: 0 });
	const messages = [{ role: 'user', content: 'x' }];
	return {
		chat: () => openai.chat.completions.stream({ model: 'm', messages, n: 2 }).finalChatCompletion(),
		responses: () => openai.responses.stream({ model: 'm', input: 'x' }).finalResponse(),
		messages: () => anthropic.messages.stream({ model: 'm', max_tokens: 9, messages }).finalMessage(),
	};
};

const same = (a, b) => {
	try {
		assert.deepStrictEqual(a, b);
		return 'same';
	} catch (e) {
		return e.message;
	}
};
const why = { chat: (a) => a.choices.every((c, i) => c.finish_reason === 'content_filter' || i > 0),
	responses: (a) => a.incomplete_details.reason === 'content_filter',
	messages: (a) => a.stop_reason === 'refusal' };

server.listen(0, '127.0.0.1', async () => {
	const final = clients(`http://127.0.0.1:${server.address().port}`);
	for (const api of Object.keys(answers)) {
		const input = JSON.stringify(answers[api], null, 1);
		const events = wire(api, input, 'plain');
		const read = async (bytes) => { body = bytes; return plain(await final[api]()); };
		console.log(api, 'plain', same(await read(events), answers[api]));
		console.log(api, 'gathered', same(JSON.parse(wire(api, events, 'gather')), answers[api]));
		console.log(api, 'window', wire(api, events, 'window') === events ? 'same' : 'other');
		const held = await read(wire(api, input, 'withheld'));
		console.log(api, 'withheld', why[api](held), JSON.stringify(held).includes('A person will answer.'));
		await read(wire(api, '', 'error')).then(() => console.log(api, 'no error'),
			(e) => console.log(api, 'error', e.message.includes('a rule says no')));
		let cut = 0;
		const n = events.split('\n\n').length - 1;
		for (let i = 1; i < n; i++)
			if (why[api](await read(wire(api, events, 'cut', String(i)))))
				cut++;
		console.log(api, 'cut', cut === n - 1 ? 'everywhere' : `${cut} of ${n - 1}`);
	}
	server.close();
});
