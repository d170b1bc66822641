// The S3 server, in a process of its own: what conditions imports have in a test says nothing to it. Its parent ends and starts it.
import S3rver from '@20minutes/s3rver';

const [directory, strict] = process.argv.slice(2);
let port = 0;
let server;

process.on('message', async (word) => {
  if (word === 'start') {
    const buckets = [{ name: 'pictures' }];
    const options = { address: '127.0.0.1', port, silent: true, directory, configureBuckets: buckets };
    const s3 = new S3rver({ ...options, allowMismatchedSignatures: strict !== 'strict' });
    ({ port } = await s3.run());
    server = s3.httpServer;
    process.send(port);
    return;
  }
  server.close(() => process.send('stopped'));
  server.closeAllConnections();
});
process.on('disconnect', () => process.exit());
