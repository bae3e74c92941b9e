import { areas } from '@winnow/contract'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { dropUnusedStyles, pack } from './build/files.ts'

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

/** On what is written: Vite fills in the names of sheets after every plugin. */
const afterwards: Plugin = {
  name: 'afterwards',
  apply: 'build',
  async writeBundle({ dir }) {
    await dropUnusedStyles(dir!)
    await pack(dir!)
  },
}

const SERVER = process.env['WINNOW_URL'] ?? 'http://127.0.0.1:4000'

export default defineConfig({
  plugins: [react(), endpointTable, afterwards],
  build: {
    target: 'es2023',
    assetsInlineLimit: 0, // the content policy allows no data in the page but images
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 750, // the first screen is one chunk
  },
  worker: { format: 'es' },
  server: {
    port: 4001,
    proxy: Object.fromEntries(
      ['/api', '/v1', '/healthz', '/readyz', '/docs', '/style.css'].map((path) => [path, { target: SERVER }]),
    ),
  },
})
