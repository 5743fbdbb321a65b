import { signOut } from '../contract/session.ts'
import { toast } from '../ui/toasts.ts'
import { api, isRefused, wordsOf } from './api.ts'

/** Leaves, and takes everything that was read with it: the page is loaded anew. */
export async function signOutHere(): Promise<void> {
  try {
    await api(signOut, {})
  } catch (error) {
    if (!isRefused(error, 'unauthorised')) return void toast(wordsOf(error), { failed: true })
  }
  location.assign('/sign-in')
}
