// The npm OpenTelemetry exporter, sending spans to URL with KEY: one of a model's
// call with its output, one without, and one that is no model's.  Prints "sent", or
// what the exporter was told.
const { diag, DiagLogLevel } = require('@opentelemetry/api');
const { OTLPTraceExporter } = require('@opentelemetry/exporter-trace-otlp-http');
const { BasicTracerProvider, BatchSpanProcessor } = require('@opentelemetry/sdk-trace-base');

const [url, key, compression] = process.argv.slice(2);
const said = [];
const say = (...a) => said.push(a.join(' '));
diag.setLogger({ error: say, warn: say, info() {}, debug() {}, verbose() {} },
    { logLevel: DiagLogLevel.WARN });

const exporter = new OTLPTraceExporter({ url, headers: { 'x-api-key': key }, compression });
const provider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
const tracer = provider.getTracer('test');

function chat(text) {
	const span = tracer.startSpan('chat m1');
	span.setAttributes({
		'gen_ai.operation.name': 'chat',
		'gen_ai.request.model': 'm1',
		'gen_ai.usage.input_tokens': 12,
		'gen_ai.usage.output_tokens': 7,
	});
	if (text !== undefined) {
		span.setAttribute('gen_ai.input.messages', JSON.stringify([{ role: 'user',
			parts: [{ type: 'text', content: 'Where is my order?' }] }]));
		span.setAttribute('gen_ai.output.messages', JSON.stringify([{ role: 'assistant',
			parts: [{ type: 'text', content: text }], finish_reason: 'stop' }]));
	}
	span.end();
}

chat(`It left on Monday (${compression}).`);
tracer.startSpan('GET /orders').end();
if (compression === 'gzip')
	chat();
provider.shutdown().then(() => console.log(said.join('\n') || 'sent'),
    (e) => console.log('failed:', e.message));
