#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

// Half of a short command's time is reading the program; the cache spares most of it.
enableCompileCache()

// A reader that goes away early (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

const { main } = await import('./program.ts')
process.exitCode = await main(process.argv.slice(2))
