export { backup, restore } from './backup/index.ts'
export { readConfig, SETTINGS, type Config } from './config.ts'
export { startServer, VERSION, type RunningServer, type ServerParts } from './server.ts'
export { SERVER_HINTS, ServerError, type ServerErrorCode } from './errors.ts'
