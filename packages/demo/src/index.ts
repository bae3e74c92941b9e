export { generateDemo, truthOf, type Demo, type DemoLead } from './generate.ts' // a seed → leads, facts, costs, versions
export { propensityAt, type Driver, type Truth } from './truth.ts' //              what no fact says
export type { DemoOptions, MonthlyCost, World } from './world.ts'
export type { DemoVersion } from './versions.ts'
export { INDUSTRIES, PERSONAS, SOURCES, type Industry, type PersonaName, type Source } from './tables.ts'
