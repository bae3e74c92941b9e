/** For a container's health check: ends with 0 if Winnow on this machine is ready to serve. */
const port = process.env.WINNOW_PORT || process.env.PORT || '4000'
const reply = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(4000) }).catch(
  () => undefined,
)
process.exitCode = reply?.ok ? 0 : 1
