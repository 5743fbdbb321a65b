/** From where something is taken, as one types it: addresses and ranges with commas between them. */
export const networksOf = (text: string): string[] => text.split(/[\s,;]+/).filter((one) => one !== '')
export const asTyped = (networks: readonly string[]): string => networks.join(', ')

export const WHENCE = {
  label: 'Only from',
  hint: 'Addresses or ranges of the internet with commas between them, such as 203.0.113.7 or 203.0.113.0/24. Left empty: from anywhere.',
} as const
