// Firefox ESR, headless. In a page it never gathers loopback; in the window of the browser itself ("chrome" scope) it does. That window is privileged, so this
// says nothing about permissions and origins.
import puppeteer from 'puppeteer-core';
import { serveBrowser } from './browser.mjs';

const browser = await puppeteer.launch({
  browser: 'firefox', executablePath: '/usr/bin/firefox-esr', headless: true, protocol: 'webDriverBiDi', args: ['--remote-allow-system-access'],
  extraPrefsFirefox: {
    'media.peerconnection.ice.loopback': true, 'media.peerconnection.ice.obfuscate_host_addresses': false, 'media.navigator.streams.fake': true,
    'media.navigator.permission.disabled': true, 'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false,
    'media.gmp-manager.updateEnabled': false, 'app.update.enabled': false,
  },
});
process.on('exit', () => browser.process()?.kill('SIGKILL'));
const send = (method, parameters) => browser.connection.send(method, parameters); // not in puppeteer's documented interface
const tree = await send('browsingContext.getTree', { 'moz:scope': 'chrome', maxDepth: 0 });
const target = { context: tree.result.contexts[0].context };
await serveBrowser({
  sut: { name: 'firefox', version: (await browser.version()).replace(/^.*\//, ''), language: 'c++' },
  adapter: { name: 'wcap-firefox', version: '1.0' },
  bind: ['127.0.0.1', '::1'], concurrency: 4,
  run: async expression => {
    const { result } = await send('script.evaluate', { expression, target, awaitPromise: true });
    if (result.type === 'exception') throw new Error(result.exceptionDetails.text);
    return result.result.value;
  },
});
