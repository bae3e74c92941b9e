declare module 'virtual:endpoints' {
  import type { areas } from '@winnow/contract'

  type Areas = typeof areas
  export const endpoints: {
    readonly [Area in keyof Areas]: {
      readonly [Name in keyof Areas[Area]]: readonly [method: string, path: string]
    }
  }
}
