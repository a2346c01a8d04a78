// Uploads one file with tus-js-client, as its documentation shows; prints the address of the upload.
import { readFileSync } from 'node:fs';
import * as tus from 'tus-js-client';

const [path, endpoint, token, metadata] = process.argv.slice(2);
const upload = new tus.Upload(readFileSync(path), {
  endpoint,
  headers: { Authorization: `Bearer ${token}` },
  metadata: JSON.parse(metadata),
  chunkSize: 2 * 1024 * 1024,
  retryDelays: Array.from({ length: 40 }, () => 50),
  onError: (error) => { console.error(String(error)); process.exit(1); },
  onSuccess: () => console.log(upload.url),
});
upload.start();
