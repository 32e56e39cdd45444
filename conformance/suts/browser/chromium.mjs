// Chromium, headless. It gathers loopback only with both of --allow-loopback-in-peer-connection and --use-fake-ui-for-media-stream, in a page with an
// origin of its own.
import http from 'node:http';
import puppeteer from 'puppeteer-core';
import { serveBrowser } from './browser.mjs';

const browser = await puppeteer.launch({
  executablePath: '/usr/bin/chromium', headless: true,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
    '--allow-loopback-in-peer-connection', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
});
process.on('exit', () => browser.process()?.kill('SIGKILL'));
const server = http.createServer((_, response) => response.setHeader('content-type', 'text/html').end('<!doctype html>'));
await new Promise(listening => server.listen(0, '127.0.0.1', listening));
const page = await browser.newPage();
await page.goto(`http://127.0.0.1:${server.address().port}/`);
await serveBrowser({
  sut: { name: 'chromium', version: (await browser.version()).replace(/^.*\//, ''), language: 'c++' },
  adapter: { name: 'wcap-chromium', version: '1.0' },
  bind: ['127.0.0.1'], concurrency: 8,
  run: expression => page.evaluate(expression),
});
