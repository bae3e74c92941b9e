/** Invented names. Every domain ends in `.example`, which nobody can own. */
import type { Chance } from './random.ts'

const FIRST =
  `Ada Anouk Bela Bram Carla Cem Dana Dario Edda Elif Enzo Fenna Finn Greta Hannes Ida Ilse Ines Jannis Jette Jonas Kaja Karim
Lale Lars Lena Liv Luca Maja Malte Mara Marek Mila Nele Nico Noor Olga Oskar Paula Pim Rafael Renske Rosa Runa Samir Sanne Silas Tilda
Tomas Uli Vera Wout Yara Zoe`.split(/\s+/)
const LAST =
  `Albers Amsel Bakker Berger Calder Dahl Dorn Eklund Falk Fontaine Gruber Haas Holm Ibsen Jansen Kaya Keller Kroll Lindqvist
Lorenz Maas Marchetti Moser Nygaard Okoro Olsen Petrov Quist Ranke Rossi Sandoval Seidel Smits Stern Tanner Thoma Ulrich Varga Visser
Weiss Winter Ylmaz Zeller`.split(/\s+/)

export interface Named {
  readonly firstName: string
  readonly lastName: string
}

/** Names that have not been given out yet. */
export class Names {
  private readonly taken = new Set<string>()

  draw(chance: Chance): Named {
    for (;;) {
      const named = { firstName: chance.pick(FIRST), lastName: chance.pick(LAST) }
      const key = `${named.firstName} ${named.lastName}`
      if (this.taken.has(key)) continue
      this.taken.add(key)
      return named
    }
  }
}

export const addressOf = ({ firstName, lastName }: Named, domain: string): string =>
  `${firstName}.${lastName}@${domain}`.toLowerCase()
