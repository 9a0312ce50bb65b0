// Each call as an application makes it; what the application sees is compared.
'use strict';
const root = process.argv[2];
const OpenAI = require('openai');
const Anthropic = require('@anthropic-ai/sdk');
const { createOpenAI } = require('@ai-sdk/openai');
const { generateText, streamText, tool, jsonSchema } = require('ai');

const apiKey = process.env.SHOP_KEY;
const openai = new OpenAI({ baseURL: root + '/v1', apiKey, maxRetries: 0 });
const anthropic = new Anthropic({ baseURL: root, apiKey, maxRetries: 0 });
const ai = createOpenAI({ baseURL: root + '/v1', apiKey });
const long = 'The weather is fine and the sea is calm and the boats are out at the sea';
const mail = 'ask ana@example.com now';
const covered = 'ask <EMAIL_ADDRESS> now';

let n = 0, failed = 0;
function is(got, want, name) {
  const g = JSON.stringify(got), w = JSON.stringify(want);
  n++;
  if (g === w) return console.log(`ok ${n} - ${name}`);
  failed++;
  console.log(`not ok ${n} - ${name}\n#   got:  ${g}\n#   want: ${w}`);
}
// What an application has of a call that fails: its class, status and code.
async function error(call) {
  try {
    const v = await call();
    return ['no error', v];
  } catch (e) {
    return [e.constructor.name, e.status, e.code ?? e.error?.error?.type ?? e.type];
  }
}
const say = (text) => [{ role: 'user', content: 'say: ' + text }];
const chat = (model, text, more) => openai.chat.completions.create(
  { model, messages: say(text), ...more });
const respond = (model, text, more) => openai.responses.create(
  { model, input: 'say: ' + text, ...more });
const message = (model, text, more) => anthropic.messages.create(
  { model, max_tokens: 99, messages: say(text), ...more });

async function chats() {
  let r = await chat('ok', 'Hello there');
  is([r.choices[0].message.content, r.choices[0].finish_reason, r.usage.total_tokens],
    ['Hello there', 'stop', 12], 'openai: chat');
  r = await chat('ok', 'a|say2: b', { n: 2 });
  is(r.choices.map((c) => c.message.content), ['a', 'b'], 'openai: n = 2');
  is((await chat('ok', mail)).choices[0].message.content, covered, 'openai: covered');
  r = await chat('ok', 'fuck');
  is([r.choices[0].message.content, r.choices[0].finish_reason],
    ['One moment.', 'content_filter'], 'openai: withheld');
  r = await chat('call', mail);
  is([r.choices[0].message.tool_calls[0].function, r.choices[0].finish_reason],
    [{ name: 'send', arguments: `{"text": "${covered}"}` }, 'tool_calls'],
    'openai: a call');
  for (const how of ['ok', 'ok-window']) {
    let text = '', ends = [], usage;
    for await (const c of await chat(how, `${long} ${mail} ${long}`, { stream: true,
      stream_options: { include_usage: true } })) {
      text += c.choices[0]?.delta.content ?? '';
      if (c.choices[0]?.finish_reason) ends.push(c.choices[0].finish_reason);
      usage = c.usage ?? usage;
    }
    is([text, ends, usage?.total_tokens], [`${long} ${covered} ${long}`, ['stop'], 12],
      `openai: a stream: ${how}`);
    const s = openai.chat.completions.stream({ model: how.replace('ok', 'call'),
      messages: say(mail) });
    const f = await s.finalChatCompletion();
    is([f.choices[0].message.tool_calls[0].function.arguments,
      f.choices[0].finish_reason], [`{"text": "${covered}"}`, 'tool_calls'],
      `openai: a call, streamed: ${how}`);
    r = await openai.chat.completions.stream({ model: how, n: 2,
      messages: say('fine|say2: fuck') }).finalChatCompletion();
    is(r.choices.map((c) => [c.message.content, c.finish_reason]),
      how === 'ok' ? [['fine', 'stop'], ['One moment.', 'content_filter']] :
        r.choices.map((c) => [c.message.content, c.finish_reason]),
      `openai: n = 2, one withheld: ${how}`);
    is(JSON.stringify(r).includes('fuck'), false, `openai: and nothing of it: ${how}`);
  }
  const cut = await openai.chat.completions.stream({ model: 'ok-window',
    messages: say(`${long} fuck ${long}`) }).finalChatCompletion();
  is([cut.choices[0].finish_reason, long.startsWith(cut.choices[0].message.content.trim())],
    ['content_filter', true], 'openai: cut');
}

async function responses() {
  let r = await respond('ok', mail);
  is([r.output_text, r.status, r.usage.total_tokens], [covered, 'completed', 12],
    'openai: responses');
  r = await respond('ok', 'fuck');
  is([r.output_text, r.status, r.incomplete_details],
    ['One moment.', 'incomplete', { reason: 'content_filter' }],
    'openai: responses, withheld');
  r = await respond('call', mail);
  is(r.output[0].arguments, `{"text": "${covered}"}`, 'openai: responses, a call');
  for (const how of ['ok', 'ok-window']) {
    const s = openai.responses.stream({ model: how, input: `say: ${long} ${mail} ${long}` });
    let text = '';
    for await (const e of s)
      if (e.type === 'response.output_text.delta') text += e.delta;
    const f = await s.finalResponse();
    is([text, f.output_text, f.status], [`${long} ${covered} ${long}`,
      `${long} ${covered} ${long}`, 'completed'], `openai: responses, a stream: ${how}`);
    const c = await openai.responses.stream({ model: how.replace('ok', 'call'),
      input: 'say: ' + mail }).finalResponse();
    is(c.output[0].arguments, `{"text": "${covered}"}`,
      `openai: responses, a call, streamed: ${how}`);
  }
  let last, text = '';
  for await (const e of await respond('ok-window', `${long} fuck ${long}`, { stream: true })) {
    last = e;
    if (e.type === 'response.output_text.delta') text += e.delta;
  }
  is([last.type, last.response.incomplete_details.reason, long.startsWith(text.trim()),
    text !== ''], ['response.incomplete', 'content_filter', true, true],
    'openai: responses, cut');
}

async function failures() {
  for (const [call, api] of [[chat, 'chat'], [respond, 'responses']]) {
    for (const [model, want] of [['s500', ['InternalServerError', 502, 'upstream_error']],
      ['s429', ['RateLimitError', 429, 'rate_limited']],
      ['s400', ['BadRequestError', 400, 'c']],
      ['s401', ['InternalServerError', 502, 'upstream_refused']],
      ['nope', ['NotFoundError', 404, 'model_not_found']],
      ['c-ok', ['NotFoundError', 404, 'unsupported_endpoint']]]) {
      is(await error(() => call(model, 'x')), want, `openai: ${api}, ${model}`);
      if (model !== 's429')
        is(await error(() => call(model, 'x', { stream: true })), want,
          `openai: ${api}, ${model}, streamed`);
    }
    is(await error(() => call('ok-block', 'fuck')),
      ['BadRequestError', 400, 'content_filter'], `openai: ${api}, blocked`);
    is((await error(async () => {
      for await (const e of await call('nodone-window', long, { stream: true }));
    })).slice(0, 1), ['APIError'], `openai: ${api}, broken off once it is on its way`);
  }
  is(await error(() => chat('hang', 'x')),
    ['InternalServerError', 504, 'upstream_timeout'], 'openai: the deadline');
  is(await error(() => chat('close', 'x')),
    ['InternalServerError', 502, 'upstream_error'], 'openai: broken off');
  is((await chat('once-s500', 'yes')).choices[0].message.content, 'yes',
    'openai: a failure that is over');
  is(await error(() => new OpenAI({ baseURL: root + '/v1', apiKey: 'no', maxRetries: 0 })
    .chat.completions.create({ model: 'ok', messages: say('x') })),
    ['AuthenticationError', 401, 'wrong_key'], 'openai: a wrong key');
  // x-should-retry: false is obeyed: one request, although retries are allowed.
  let sent = 0;
  const poor = new OpenAI({ baseURL: root + '/v1', apiKey: process.env.POOR_KEY,
    maxRetries: 3, fetch: (...a) => (sent++, fetch(...a)) });
  is([await error(() => poor.chat.completions.create({ model: 'ok', max_tokens: 5000,
    messages: say('x') })), sent], [['RateLimitError', 429, 'budget_exceeded'], 1],
    'openai: over budget, and not tried again');
  is((await openai.models.list()).data.some((m) => m.id === 'ok'), true, 'openai: models');
}

async function messages() {
  let r = await message('c-ok', mail);
  is([r.content[0].text, r.stop_reason, r.usage.output_tokens], [covered, 'end_turn', 5],
    'anthropic: a message');
  r = await message('c-ok', 'fuck');
  is([r.content[0].text, r.stop_reason], ['One moment.', 'refusal'], 'anthropic: withheld');
  r = await message('c-call', mail);
  is([r.content[0].input, r.stop_reason], [{ text: covered }, 'tool_use'],
    'anthropic: a call');
  for (const how of ['c-ok', 'c-ok-window']) {
    const s = anthropic.messages.stream({ model: how, max_tokens: 99,
      messages: say(`${long} ${mail} ${long}`) });
    let text = '';
    s.on('text', (t) => { text += t; });
    const f = await s.finalMessage();
    is([text, f.content[0].text, f.stop_reason, f.usage.output_tokens],
      [`${long} ${covered} ${long}`, `${long} ${covered} ${long}`, 'end_turn', 5],
      `anthropic: a stream: ${how}`);
    const c = await anthropic.messages.stream({ model: how.replace('ok', 'call'),
      max_tokens: 99, messages: say(mail) }).finalMessage();
    is([c.content[0].input, c.stop_reason], [{ text: covered }, 'tool_use'],
      `anthropic: a call, streamed: ${how}`);
  }
  const cut = await anthropic.messages.stream({ model: 'c-ok-window', max_tokens: 99,
    messages: say(`${long} fuck ${long}`) }).finalMessage();
  is([cut.stop_reason, long.startsWith(cut.content[0].text.trim())], ['refusal', true],
    'anthropic: cut');
  for (const [model, want] of [['c-s500', ['InternalServerError', 502, 'api_error']],
    ['c-s429', ['RateLimitError', 429, 'rate_limit_error']],
    ['nope', ['NotFoundError', 404, 'not_found_error']],
    ['ok', ['NotFoundError', 404, 'not_found_error']],
    ['c-nodone', ['no error']]]) {
    const got = await error(() => message(model, 'x'));
    is(got.slice(0, want.length), want, `anthropic: ${model}`);
  }
  is(await error(() => message('c-ok-block', 'fuck')),
    ['BadRequestError', 400, 'invalid_request_error'], 'anthropic: blocked');
  is((await error(async () => {
    for await (const e of await message('c-nodone-window', long, { stream: true }));
  })).slice(0, 1), ['APIError'], 'anthropic: broken off once it is on its way');
  is(await error(() => new Anthropic({ baseURL: root, apiKey: 'no', maxRetries: 0 })
    .messages.create({ model: 'c-ok', max_tokens: 9, messages: say('x') })),
    ['AuthenticationError', 401, 'authentication_error'], 'anthropic: a wrong key');
  is((await anthropic.models.list()).data.some((m) => m.id === 'c-ok'), true,
    'anthropic: models');
}

async function vercel() {
  const tools = { send: tool({ inputSchema: jsonSchema({ type: 'object',
    properties: { text: { type: 'string' } } }) }) };
  for (const [name, model] of [['chat', ai.chat], ['responses', ai.responses]]) {
    let r = await generateText({ model: model('ok'), prompt: 'say: ' + mail });
    is([r.text, r.finishReason, r.usage.totalTokens], [covered, 'stop', 12],
      `ai-sdk: ${name}`);
    r = await generateText({ model: model('call'), prompt: 'say: ' + mail, tools });
    is([r.toolCalls[0].input, r.finishReason], [{ text: covered }, 'tool-calls'],
      `ai-sdk: ${name}, a call`);
    r = await generateText({ model: model('ok'), prompt: 'say: fuck' });
    is([r.text, r.finishReason], ['One moment.', 'content-filter'],
      `ai-sdk: ${name}, withheld`);
    for (const how of ['ok', 'ok-window']) {
      const s = streamText({ model: model(how), prompt: `say: ${long} ${mail}` });
      is([await s.text, await s.finishReason], [`${long} ${covered}`, 'stop'],
        `ai-sdk: ${name}, a stream: ${how}`);
    }
    let seen;
    const s = streamText({ model: model('nodone-window'), prompt: 'say: ' + long,
      onError: ({ error: e }) => { seen = e; } });
    await s.consumeStream();
    is(seen !== undefined, true, `ai-sdk: ${name}, broken off once it is on its way`);
  }
}

(async () => {
  for (const f of [chats, responses, failures, messages, vercel])
    try {
      await f();
    } catch (e) {
      is(String(e.stack).split('\n').slice(0, 4), 'no error', f.name);
    }
  console.log(`1..${n}`);
  process.exit(failed > 0 ? 1 : 0);
})();
