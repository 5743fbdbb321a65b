/** One thing that was looked at: well, worth a look, or to be mended; and how to mend it. */
export type Finding = {
  readonly about: string
  readonly is: 'well' | 'look' | 'mend'
  readonly says: string
  readonly fix?: string
}

export const well = (about: string, says: string): Finding => ({ about, is: 'well', says })
export const lookAt = (about: string, says: string, fix?: string): Finding => ({
  about,
  is: 'look',
  says,
  ...(fix ? { fix } : {}),
})
export const mend = (about: string, says: string, fix: string): Finding => ({ about, is: 'mend', says, fix })
