/** Names of people and companies that do not exist. Every address ends in `.example`, which nobody can own. */
import type { Chance } from './random.ts'
import type { Industry } from './tables.ts'

const FIRST =
  `Mara Jonas Lea Emil Ida Noor Sven Pia Adam Yara Felix Greta Omar Hanna Luca Vera Milan Stine Ravi Elif Joost Marta
Kian Birgit Paolo Asta Denis Carla Bram Linnea Hugo Samira Theo Anouk Viktor Rosa Malik Jette Arne Olga Dario Fenna Erik Zoe Nils
Tilda Aron Selma`.split(/\s+/)
const LAST =
  `Aldermann Brook Castell Dornik Ehlers Fabry Garrit Holm Ibsted Jansky Keller Lindqvist Marlow Nyberg Ostrom Palmer
Quist Rohde Sandel Tamm Ulven Vasko Weller Yilmaz Zander Abt Birke Corin Dahl Engel Frost Grau Hassel Imhof Joost Krog Lund Mertens
Norden Osei Petry Rask Stahl Thorn Unger Voss Winter Zell`.split(/\s+/)
const FRONT =
  `bright silver green stone north river amber oak swift clear iron golden blue maple sun winter harbour cedar red field
quiet upper lark mill white copper east linden fox heron moss pine reed rose salt sand wolf birch crane dove elm fern grove hazel
ivy juniper kestrel lake`.split(/\s+/)
const BACK =
  `mill gate bridge haven field works wood yard point ridge dale brook ford well hill side port land cross bank crest
stead vale moor way hold helm barn loft peak shore spring stone tower trail view wharf wick worth garden`.split(/\s+/)
const END = ['', '-group', '-union', '-brothers', '-partners', '-north', '-south', '-house']
const TOWNS = `auenthal brinkow dornsee eschfeld falkenau grenzhain hohenrode ilmstedt`.split(/\s+/)
const WHAT: Readonly<Record<Industry, string>> = {
  care: 'Care',
  logistics: 'Logistics',
  retail: 'Stores',
  manufacturing: 'Works',
  hospitality: 'Hotels',
  public: 'Services',
}

export interface CompanyName {
  readonly domain: string
  readonly name: string
}

/** A name of its own for each number: the words are gone through in a scattered order, then with a number behind. */
export function companyName(index: number, industry: Industry): CompanyName {
  const words = FRONT.length * BACK.length * END.length
  const place = (index * 6007) % words // shares no factor with the number of words, so it reaches each of them
  const round = Math.floor(index / words)
  const front = FRONT[place % FRONT.length]!
  const back = BACK[Math.floor(place / FRONT.length) % BACK.length]!
  const end = END[Math.floor(place / FRONT.length / BACK.length)]!
  const number = round === 0 ? '' : `-${round + 1}`
  const name = `${front[0]!.toUpperCase()}${front.slice(1)}${back} ${WHAT[industry]}`
  return {
    domain: `${front}${back}${end}${number}.example`,
    name: `${name}${end.replace('-', ' ')}${number} (synthetic)`,
  }
}

/** An address at a company; `taken` are those that its colleagues have. */
export function colleagueAddress(domain: string, taken: ReadonlySet<string>, chance: Chance): string {
  const person = personName(chance)
  let address = `${person}@${domain}`
  for (let number = 2; taken.has(address); number++) address = `${person}${number}@${domain}`
  return address
}

/** An address at a free mail service, unique because of the number in it. */
export const privateAddress = (index: number, chance: Chance): string =>
  `${personName(chance)}.${index.toString(36)}@freepost.example`

export const studentAddress = (index: number, chance: Chance): string =>
  `${personName(chance)}.${index.toString(36)}@uni-${chance.pick(TOWNS)}.example`

/** What a program fills into a form. */
export function gibberishAddress(index: number, chance: Chance): string {
  const letters = Array.from({ length: 9 }, () => String.fromCharCode(97 + chance.between(0, 25))).join('')
  return `${letters}.${index.toString(36)}@mailbox-${chance.between(2, 9)}.example`
}

const personName = (chance: Chance): string => `${chance.pick(FIRST)}.${chance.pick(LAST)}`.toLowerCase()
