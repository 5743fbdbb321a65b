import type { Input } from '../../../contract/connect.ts'
import type { Operation } from '../../../contract/operation.ts'
import { api, fieldOf, heard, isRefused, queries, Unreachable, whoIsHere, wordsOf } from '../../api.ts'
import type { Outcome } from './outcome.ts'

/** What strangers may ask. Somebody who is signed in already needs their token for it, which is fetched once. */
export async function whoever<O extends Operation>(op: O, input: Input<O>) {
  try {
    return await api(op, input)
  } catch (error) {
    if (!isRefused(error, 'cross_site')) throw error
    await queries.fetchQuery({ ...whoIsHere, staleTime: 0 })
    return api(op, input)
  }
}

/** What the server refuses in the words of a form, at its field where it names one that the form has. */
export async function tried(act: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof Unreachable) throw error
    const field = isRefused(error, 'invalid') ? fieldOf(error) : null
    return { is: 'refused', says: wordsOf(error), ...(field && FIELDS.has(field) && { field }) }
  }
}

/** The same behind the door, where a "no" may mean that the session is over or the role another. */
export const triedHere = (act: () => Promise<Outcome>): Promise<Outcome> =>
  tried(async () => {
    try {
      return await act()
    } catch (error) {
      heard(error)
      throw error
    }
  })
const FIELDS = new Set(['email', 'password', 'code', 'type', 'region'])
