import { isBuiltin } from 'node:module'
import type { Page } from '@playwright/test'
import { build, type Plugin } from 'vite'

/** Fails the bundle instead of replacing a Node module by an empty one, as bundlers do. */
const nothingFromNode: Plugin = {
  name: 'nothing-from-node',
  enforce: 'pre',
  resolveId(source, importer) {
    if (isBuiltin(source)) this.error(`${importer ?? 'the entry'} imports ${source}, which no browser has`)
  },
}

/**
 * One ES module with everything `entry` (an absolute path to a TypeScript file) imports, as text.
 * @param without  packages and modules that stay outside, as imports
 */
export async function bundleForBrowser(
  entry: string,
  { without = [] }: { readonly without?: readonly (string | RegExp)[] } = {},
): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent', // a failure is thrown, and says it all
    plugins: [nothingFromNode],
    build: {
      write: false,
      minify: false,
      target: 'esnext',
      lib: { entry, formats: ['es'], fileName: 'bundle' },
      rolldownOptions: { external: [...without] },
    },
  })
  const outputs = (Array.isArray(result) ? result : [result]).flatMap((one) => ('output' in one ? one.output : []))
  const chunk = outputs.find((output) => output.type === 'chunk' && output.isEntry)
  if (chunk?.type !== 'chunk') throw new Error(`bundling ${entry} gave no module`)
  return chunk.code
}

/** What a careful site allows: its own scripts and workers made from them, and no code made from text. */
const POLICY = "default-src 'none'; script-src 'self'; worker-src 'self' blob:"

/**
 * Opens an empty page that can `import('/bundle.js')`. No server: the page's requests are answered here, under an
 * origin that browsers trust like https.
 */
export async function openWithBundle(page: Page, bundle: string): Promise<void> {
  const html = '<!doctype html><html lang="en"><title>Winnow</title><body></body></html>'
  await page.route('http://localhost/**', (route) => {
    const isBundle = new URL(route.request().url()).pathname === '/bundle.js'
    const [type, body] = isBundle ? ['text/javascript', bundle] : ['text/html', html]
    return route.fulfill({ headers: { 'content-type': type, 'content-security-policy': POLICY }, body })
  })
  await page.goto('http://localhost/')
}
