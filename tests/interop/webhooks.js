// A receiver that trusts what the package standardwebhooks verifies.
// node webhooks.js FOLDER: the port is written to FOLDER/port; /NAME verifies with the
// secret in FOLDER/NAME.secret, answers 204 or 401, and adds the type of what it took, or
// why it took nothing, to FOLDER/NAME.got.
const fs = require('fs');
const http = require('http');
const { Webhook } = require('standardwebhooks');

const folder = process.argv[2];

const server = http.createServer((request, response) => {
	const chunks = [];
	request.on('data', (chunk) => chunks.push(chunk));
	request.on('end', () => {
		const name = request.url.slice(1);
		let line, status = 204;
		try {
			const secret = fs.readFileSync(`${folder}/${name}.secret`, 'utf8').trim();
			line = new Webhook(secret).verify(Buffer.concat(chunks).toString(),
			    request.headers).type;
		} catch (e) {
			line = e.message;
			status = 401;
		}
		fs.appendFileSync(`${folder}/${name}.got`, line + '\n');
		response.writeHead(status).end();
	});
});
server.listen(0, '127.0.0.1', () => {
	fs.writeFileSync(`${folder}/port.new`, String(server.address().port));
	fs.renameSync(`${folder}/port.new`, `${folder}/port`);
});
