/**
 * A sample studio is a business of its own, and its very id says so: version 8, which no other id here has. Whoever
 * sends asks the id and nothing else, so that no setting, row or cache can make a sample's letter leave the house.
 */
const VERSION_AT = 14
const SAMPLE = '8'

export const isSample = (vendor: string): boolean => vendor[VERSION_AT] === SAMPLE
export const sampleIdFrom = (uuid: string): string =>
  `${uuid.slice(0, VERSION_AT)}${SAMPLE}${uuid.slice(VERSION_AT + 1)}`
