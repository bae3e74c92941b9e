/** Traces as they are stored: V8's own form, which later versions of Node read too, packed. */
import type { Traces } from '@winnow/engine'
import { deserialize, serialize } from 'node:v8'
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib'

export const packTraces = (traces: Traces): Uint8Array => zstdCompressSync(serialize(traces))
export const unpackTraces = (bytes: Uint8Array): Traces => deserialize(zstdDecompressSync(bytes)) as Traces
