import type { Choice } from '../../../ui/Select.tsx'

/** ISO 3166-1, without the uninhabited. The browser has the names, not the list. */
const REGIONS =
  'AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW'

const names = new Intl.DisplayNames([navigator.language, 'en'], { type: 'region' })

export const regions = (): readonly Choice[] =>
  REGIONS.split(' ')
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((a, b) => a.label.localeCompare(b.label))

export function likelyRegion(): string | null {
  const region = new Intl.Locale(navigator.language).region
  return region && REGIONS.split(' ').includes(region) ? region : null
}

/** "Europe/London" as people look for it: the city first, where it lies after. */
export const zones = (): readonly (Choice & { readonly aside: string })[] =>
  Intl.supportedValuesOf('timeZone')
    .filter((zone) => zone.includes('/') && !zone.startsWith('Etc/'))
    .map((zone) => {
      const parts = zone.split('/')
      return {
        value: zone,
        label: (parts.at(-1) ?? zone).replaceAll('_', ' '),
        aside: parts.slice(0, -1).join(', ').replaceAll('_', ' '),
      }
    })
    .sort((a, b) => a.label.localeCompare(b.label))

export const likelyZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
