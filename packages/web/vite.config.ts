import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { areas } from '@winnow/contract'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'

const ENDPOINTS = 'virtual:endpoints'

/**
 * Methods and paths of the table of endpoints, as `{ area: { name: [method, path] } }`. The table itself has every schema in
 * it: as a module it would bring 90 kB of validation into the browser.
 */
const endpointTable: Plugin = {
  name: 'endpoint-table',
  resolveId: (id) => (id === ENDPOINTS ? `\0${ENDPOINTS}` : undefined),
  load(id) {
    if (id !== `\0${ENDPOINTS}`) return
    const table = Object.entries(areas).map(([area, endpoints]) => [
      area,
      Object.fromEntries(Object.entries(endpoints).map(([name, { method, path }]) => [name, [method, path]])),
    ])
    return `export const endpoints = ${JSON.stringify(Object.fromEntries(table))}`
  },
}

/** Written once here instead of packed with every reply. */
const packed: Plugin = {
  name: 'packed',
  apply: 'build',
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle)) {
      if (!/\.(?:js|css|svg)$/.test(name)) continue
      const file = join(dir!, name)
      writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))
    }
  },
}

const SERVER = process.env['WINNOW_URL'] ?? 'http://127.0.0.1:4000'

export default defineConfig({
  plugins: [react(), endpointTable, packed],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0, // the content policy allows no data in the page but images
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 600,
  },
  worker: { format: 'es' },
  server: {
    port: 4001,
    proxy: Object.fromEntries(
      ['/api', '/v1', '/healthz', '/readyz', '/docs', '/style.css'].map((path) => [path, { target: SERVER }]),
    ),
  },
})
