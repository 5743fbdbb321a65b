/** What mends it, by the code the machine gives: its "no" is told like ours, and not as a fault of the program. */
const MENDED_BY: { readonly [code: string]: string } = {
  EACCES: 'Give this user the right to it, or name another place.',
  EPERM: 'Give this user the right to it, or name another place.',
  EROFS: 'Name a place that can be written.',
  ENOSPC: 'The disk is full: make room, and try again.',
  EDQUOT: 'The disk is full: make room, and try again.',
  ENOTDIR: 'Name a folder.',
  EISDIR: 'Name a file.',
  EMFILE: 'Let this user open more files (ulimit -n), and try again.',
}

/** The sentence for an error with which the machine refused something; null for every other. */
export function machineRefusal(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  const { code = '', syscall } = error as NodeJS.ErrnoException
  const fix = MENDED_BY[code]
  return syscall === undefined || fix === undefined ? null : `The machine says no: ${error.message}. ${fix}`
}
