import { CirclePause, Copy, Download, Ellipsis, Layers, Play } from 'lucide-react'
import {
  addJourney,
  changeJourney,
  exportJourney,
  listJourneys,
  readJourney,
} from '../../../contract/journeys.ts'
import type { Journey as Document } from '../../../core/journey/graph.ts'
import { IconButton } from '../../../ui/Button.tsx'
import { Menu, type MenuItem } from '../../../ui/Menu.tsx'
import { toast } from '../../../ui/toasts.ts'
import { api, askAgain, newKey } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useDoing } from '../../useDoing.ts'
import { download } from '../designer/files.ts'
import type { Journey } from './Journeys.tsx'

type Status = 'active' | 'paused' | 'archived'
const DONE: { readonly [status in Status]: string } = {
  active: 'is active: couples begin it again',
  paused: 'is paused: nobody begins it; who is on it goes on',
  archived: 'is put away: nobody begins it; who is on it goes on',
}

/** What can be done with a journey from the list. Pausing and putting away are done at once and can be undone. */
export function JourneyMenu({ journey }: { readonly journey: Journey }) {
  const { vendor, may } = useHere()
  const { act } = useDoing()
  const params = { vendor, journey: journey.id }
  const become = async (status: Status): Promise<void> => {
    const { etag } = await api(readJourney, { params })
    await api(changeJourney, { params, body: { status }, ifMatch: etag ?? '*', key: newKey() })
    await askAgain(listJourneys, readJourney)
  }
  const change = (status: Status): void =>
    act(async () => {
      const before = journey.status
      await become(status)
      toast(`${journey.name} ${DONE[status]}`, {
        undo: before === 'draft' ? null : () => act(() => become(before)),
      })
    })
  const fetchDocument = async (): Promise<Document> => {
    const of = journey.version === null ? 'draft' : 'live'
    const { data } = await api(exportJourney, { params, query: { of } })
    return data.document as unknown as Document
  }
  const duplicate = (): void =>
    act(async () => {
      const document = await fetchDocument()
      const name = `${journey.name}, copy`.slice(0, 200)
      const body = { name, category: journey.category, document: { ...document, name } }
      await api(addJourney, { params: { vendor }, body, key: newKey() })
      await askAgain(listJourneys)
      toast(`${name} is there as a draft`)
    })
  const published = journey.version !== null && may(changeJourney)
  const items: MenuItem[] = [
    {
      label: journey.version === null ? 'Export the draft' : `Export version ${journey.version}`,
      icon: Download,
      onSelect: () => act(async () => download(await fetchDocument(), journey.key)),
    },
    ...(may(addJourney) ? [{ label: 'Make a copy', icon: Copy, onSelect: duplicate }] : []),
    ...(published && journey.status === 'active'
      ? [{ label: 'Pause', icon: CirclePause, onSelect: () => change('paused') }]
      : []),
    ...(published && journey.status !== 'active'
      ? [{ label: 'Make it active', icon: Play, onSelect: () => change('active') }]
      : []),
    ...(may(changeJourney) && journey.status !== 'archived'
      ? (['line', { label: 'Put away', icon: Layers, onSelect: () => change('archived') }] as const)
      : []),
  ]
  return (
    <Menu
      trigger={
        <IconButton look="ghost" size="sm" icon={Ellipsis} label={`More to do with ${journey.name}`} />
      }
      items={items}
    />
  )
}
