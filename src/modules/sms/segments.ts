import { SegmentedMessage } from 'sms-segments-calculator'

/** How a text is cut up on its way: each piece is paid for. One character that is not GSM makes all pieces short. */
export type Segments = {
  readonly segments: number
  readonly characters: number
  readonly encoding: 'GSM-7' | 'UCS-2'
  /** Characters because of which it is not GSM-7. */
  readonly costly: readonly string[]
}

export function segmentsOf(body: string): Segments {
  const cut = new SegmentedMessage(body === '' ? ' ' : body, 'auto')
  return {
    segments: body === '' ? 0 : cut.segmentsCount,
    characters: body === '' ? 0 : cut.numberOfCharacters,
    encoding: cut.encodingName === 'GSM-7' ? 'GSM-7' : 'UCS-2',
    costly: [...new Set(cut.getNonGsmCharacters())],
  }
}
