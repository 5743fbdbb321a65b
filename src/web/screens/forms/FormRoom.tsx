import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import {
  Archive,
  ArchiveRestore,
  Download,
  Ellipsis,
  Layers,
  Link2,
  Redo2,
  Undo2,
  Upload,
} from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { listAnswers } from '../../../contract/answers.ts'
import {
  changeForm,
  listForms,
  makeFormLink,
  publishForm,
  readFormDraft,
  readFormVersion,
} from '../../../contract/forms.ts'
import { formProblems } from '../../../core/form/problems.ts'
import { Banner } from '../../../ui/Banner.tsx'
import { Button, IconButton } from '../../../ui/Button.tsx'
import { Menu, type MenuItem } from '../../../ui/Menu.tsx'
import { Segmented } from '../../../ui/Segmented.tsx'
import { Eyebrow, Lede } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks, type Seen } from '../../api.ts'
import { download } from '../../download.ts'
import { isNotHere, NotHere } from '../../NotHere.tsx'
import { useHere } from '../../session.ts'
import { actsOf, useActs } from '../../shell/commands.ts'
import { useDoing } from '../../useDoing.ts'
import { Answers } from './Answers.tsx'
import { Builder } from './Builder.tsx'
import { LinkFor } from './LinkFor.tsx'
import { Preview } from './Preview.tsx'
import { Problems } from './Problems.tsx'
import { PARTS, type Part } from './parts.ts'
import { type FormDraft, useFormDraft } from './useFormDraft.ts'
import { Waiting } from './Waiting.tsx'

const room = getRouteApi('/house/forms/$formId')

/** One form: its questions, how it looks, what was answered, and who has not yet. */
export function FormRoom() {
  const { formId } = room.useParams()
  const { vendor } = useHere()
  const form = useQuery(asks(readFormDraft, { params: { vendor, form: formId } }))
  if (form.data) return <Open key={formId} first={form.data} />
  if (isNotHere(form.error)) return <NotHere noun="form" />
  return (
    <>
      <Back />
      <Lede>One form</Lede>
      <div className="mt-4">
        <Answer of={form}>{() => null}</Answer>
      </div>
    </>
  )
}

const Back = ({ children }: { readonly children?: ReactNode }) => (
  <Eyebrow>
    <Link to="/forms" className="rounded-xs hover:underline">
      Forms
    </Link>
    {children && <> · {children}</>}
  </Eyebrow>
)

const PART_NAMES: { readonly [part in Part]: string } = {
  build: 'Questions',
  preview: 'Preview',
  answers: 'Answers',
  waiting: 'Waited for',
}

function Open({ first }: { readonly first: Seen<typeof readFormDraft> }) {
  const { vendor, may } = useHere()
  const { part = 'build', of } = room.useSearch()
  const navigate = useNavigate({ from: '/forms/$formId' })
  const draft = useFormDraft(vendor, first)
  const [chosen, choose] = useState<string | null>(null)
  const { saved } = draft
  const mayWrite = may(changeForm) && saved.status !== 'archived'
  const parts = PARTS.filter((one) => one !== 'answers' || may(listAnswers))
  useUndoKeys(draft, mayWrite && part === 'build')
  const goTo = (next: Part) =>
    void navigate({ search: next === 'build' ? {} : { part: next }, replace: true })
  useActs(
    parts
      .filter((one) => one !== part)
      .map((one) => ({ label: PART_NAMES[one], icon: Layers, run: () => goTo(one) })),
  )
  return (
    <>
      <div className="flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="min-w-0 basis-full md:flex-1 md:basis-0">
          <Back>{stateWords(draft)}</Back>
          <Lede>{saved.name}</Lede>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          <SavingWord draft={draft} />
          {mayWrite && (
            <>
              <IconButton
                icon={Undo2}
                label={draft.past.length > 0 ? `Undo: ${draft.past.at(-1)?.label}` : 'Nothing to undo'}
                keys={['Ctrl', 'Z']}
                disabled={draft.past.length === 0}
                onClick={draft.undo}
              />
              <IconButton
                icon={Redo2}
                label={draft.future.length > 0 ? `Redo: ${draft.future.at(-1)?.label}` : 'Nothing to redo'}
                disabled={draft.future.length === 0}
                onClick={draft.redo}
              />
            </>
          )}
          <More draft={draft} />
          {mayWrite && <Publish draft={draft} onProblem={choose} />}
        </div>
      </div>
      <div className="mt-4 max-w-full overflow-x-auto pb-1">
        <Segmented
          label="What of this form"
          value={part}
          segments={parts.map((value) => ({ value, label: PART_NAMES[value] }))}
          onChange={goTo}
        />
      </div>
      {draft.saving === 'overtaken' && <Overtaken draft={draft} />}
      <div className="mt-4">
        {part === 'build' && <Builder draft={draft} chosen={chosen} choose={choose} readOnly={!mayWrite} />}
        {part === 'preview' && <Preview draft={draft} />}
        {part === 'answers' && <Answers form={saved.id} name={saved.name} of={of} />}
        {part === 'waiting' && <Waiting form={saved.id} published={saved.version !== null} />}
      </div>
    </>
  )
}

function stateWords({ saved }: FormDraft): string {
  if (saved.status === 'archived') return 'Archived'
  if (saved.version === null) return 'Draft'
  return saved.changed ? `Version ${saved.version}, changed since` : `Version ${saved.version}`
}

function SavingWord({ draft }: { readonly draft: FormDraft }) {
  const { saving } = draft
  const words =
    typeof saving === 'object'
      ? 'Not saved'
      : { saved: 'Saved', unsaved: 'Saving …', saving: 'Saving …', overtaken: 'Not saved' }[saving]
  return (
    <span role="status" className="text-small text-muted-foreground">
      {words}
    </span>
  )
}

function Overtaken({ draft }: { readonly draft: FormDraft }) {
  const { vendor } = useHere()
  const { act, busy } = useDoing()
  return (
    <div className="mt-4">
      <Banner
        kind="warning"
        live
        title="Somebody else changed this form"
        action={
          <Button
            size="sm"
            busy={busy}
            onClick={() =>
              act(async () =>
                draft.adopt(await api(readFormDraft, { params: { vendor, form: draft.saved.id } })),
              )
            }
          >
            Show theirs
          </Button>
        }
      >
        Yours is not saved. Theirs is shown first; undo leads back to your own.
      </Banner>
    </div>
  )
}

function Publish({
  draft,
  onProblem,
}: {
  readonly draft: FormDraft
  readonly onProblem: (field: string | null) => void
}) {
  const { vendor } = useHere()
  const { busy, act } = useDoing()
  const problems = formProblems(draft.form)
  const { saved } = draft
  const params = { vendor, form: saved.id }
  /** A published version never changes: the earlier one comes back as the newest, and what was written stays written. */
  const bringBack = (version: number): void =>
    act(async () => {
      const ifMatch = await draft.settle()
      const { document } = (await api(readFormVersion, { params: { ...params, version } })).data
      const { form } = draft.now()
      const written = await api(changeForm, { params, body: { document }, ifMatch })
      const published = await api(publishForm, { params, ifMatch: written.etag ?? '*' })
      draft.adopt(await api(changeForm, { params, body: { document: form }, ifMatch: published.etag ?? '*' }))
      void askAgain(listForms)
      toast(`The questions of version ${version} are asked again, as version ${published.data.version}`)
    })
  const nothingNew = saved.version !== null && !saved.changed && draft.saving === 'saved'
  const publish = (): void =>
    act(async () => {
      const ifMatch = await draft.settle()
      const before = saved.version
      const seen = await api(publishForm, { params, ifMatch })
      draft.adopt(seen)
      void askAgain(listForms)
      // The first version has none before it that could come back.
      toast(
        `Published as version ${seen.data.version}. Couples who were asked before keep theirs.`,
        before === null ? {} : { undo: () => bringBack(before) },
      )
    })
  const says = saved.version === null ? 'Publish' : `Publish version ${saved.version + 1}`
  useActs(problems.length > 0 || nothingNew || busy ? [] : [{ label: says, icon: Upload, run: publish }])
  if (problems.length > 0) return <Problems problems={problems} form={draft.form} onGo={onProblem} />
  return (
    <Button look="primary" busy={busy} disabled={nothingNew} onClick={publish}>
      {nothingNew ? 'Published' : says}
    </Button>
  )
}

function More({ draft }: { readonly draft: FormDraft }) {
  const { vendor, may } = useHere()
  const { act } = useDoing()
  const [linking, setLinking] = useState(false)
  const { saved } = draft
  const archived = saved.status === 'archived'
  const put = (away: boolean, back = false): void =>
    act(async () => {
      const ifMatch = await draft.settle()
      const seen = await api(changeForm, {
        params: { vendor, form: saved.id },
        body: { archived: away },
        ifMatch,
      })
      draft.adopt(seen)
      void askAgain(listForms)
      if (!back)
        toast(away ? `${saved.name} is put away` : `${saved.name} is back`, { undo: () => put(!away, true) })
    })
  const items: readonly MenuItem[] = [
    ...(may(makeFormLink) && saved.version !== null && !archived
      ? [{ label: 'A link for one couple', icon: Link2, onSelect: () => setLinking(true) }]
      : []),
    {
      label: 'Export as a file',
      icon: Download,
      onSelect: () =>
        download(`${saved.key}.form.json`, 'application/json', `${JSON.stringify(draft.form, null, 2)}\n`),
    },
    ...(may(changeForm)
      ? [
          'line' as const,
          archived
            ? { label: 'Bring it back', icon: ArchiveRestore, onSelect: () => put(false) }
            : { label: 'Put it away', icon: Archive, onSelect: () => put(true) },
        ]
      : []),
  ]
  useActs(actsOf(items))
  return (
    <>
      <Menu trigger={<IconButton icon={Ellipsis} label="More of this form" />} items={items} />
      {linking && <LinkFor form={saved.id} onClose={() => setLinking(false)} />}
    </>
  )
}

/** The browser's own undo knows nothing of what was dragged or chosen. */
function useUndoKeys(draft: FormDraft, on: boolean): void {
  const { undo, redo } = draft
  useEffect(() => {
    if (!on) return
    const press = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return
      event.preventDefault()
      if (event.shiftKey) redo()
      else undo()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [on, undo, redo])
}
