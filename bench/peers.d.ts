// The peers are installed only by `npm run bench`, so the type check cannot rely on their own types.
declare module '@duckdb/node-api'
declare module 'json-logic-engine'
declare module 'json-rules-engine'
