import { NUMBER_NAMES, readNumbers } from '../../contract/numbers.ts'
import { NUMBERS } from '../../store/numbers/list.ts'
import { type Route, reads } from '../frame/route.ts'
import { spanOf } from './span.ts'

export const numberRoutes: readonly Route[] = [
  reads(readNumbers, (at, { query }) => {
    const { engine, vendor } = at
    return engine.db.read('numbers.read', { vendors: [vendor] }, async (sql) => {
      const { first, last, from, to, before } = await spanOf(at, sql, query)
      const numbers = await Promise.all(
        NUMBER_NAMES.map(async (name) => {
          const [now, then] = await Promise.all([
            NUMBERS[name](sql, { vendor, from, to }),
            NUMBERS[name](sql, { vendor, from: before, to: from }),
          ])
          return { name, ...now, before: then.value, beforeOf: then.of }
        }),
      )
      return { from: first, to: last, numbers }
    })
  }),
]
