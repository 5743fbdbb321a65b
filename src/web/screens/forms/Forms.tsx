import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Plus, Upload } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { addForm, type FormLine, listForms } from '../../../contract/forms.ts'
import { type Form, formSchema } from '../../../core/form/form.ts'
import { Button } from '../../../ui/Button.tsx'
import { Dialog } from '../../../ui/Dialog.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { Field } from '../../../ui/Field.tsx'
import { Input } from '../../../ui/Input.tsx'
import { tellDay } from '../../../ui/month.ts'
import { StatusWord } from '../../../ui/StatusPill.tsx'
import { type Column, Table } from '../../../ui/Table.tsx'
import { DOOR, Eyebrow, Lede, LINK } from '../../../ui/Type.tsx'
import { toast } from '../../../ui/toasts.ts'
import { Answer } from '../../Answer.tsx'
import { api, askAgain, asks } from '../../api.ts'
import { useHere } from '../../session.ts'
import { useActs } from '../../shell/commands.ts'
import { capital, dayIn, hereZone, inWords } from '../../times.ts'
import { useDoing } from '../../useDoing.ts'
import { useKeyOf } from '../../useKeyOf.ts'

/** What one asks couples, who answered, and who has not yet. */
export function Forms() {
  const { vendor, may } = useHere()
  const forms = useQuery(asks(listForms, { params: { vendor } }))
  const all = forms.data?.data.items
  return (
    <>
      <div className="flex flex-wrap items-end gap-x-6 gap-y-3">
        <div className="min-w-0 basis-full md:flex-1 md:basis-0">
          <Eyebrow>Forms</Eyebrow>
          <Lede>{all ? lede(all) : 'The questions you ask your couples, and their answers.'}</Lede>
        </div>
        {may(addForm) && all && all.length > 0 && <NewForm />}
      </div>
      <div className="mt-4">
        <Answer of={forms}>
          {({ data }) =>
            data.items.length === 0 ? (
              <EmptyState title="Your first form goes here" {...(may(addForm) && { action: <NewForm /> })}>
                <p>
                  Ask once, in one place, what you would otherwise ask in ten letters. A journey sends the
                  form, reminds until it is answered, and writes the answers where they belong: a new date
                  moves the wedding, a phone number becomes the person’s.
                </p>
              </EmptyState>
            ) : (
              <Table
                label="Forms"
                columns={COLUMNS}
                rows={data.items}
                rowKey={({ id }) => id}
                rowName={({ name }) => name}
                below={(one) => `${capital(one.status)}, ${inWords(one.open)} waited for`}
              />
            )
          }
        </Answer>
      </div>
    </>
  )
}

function lede(all: readonly FormLine[]): ReactNode {
  const live = all.filter((one) => one.status !== 'archived')
  if (live.length === 0) return 'No couple is asked anything by a form yet.'
  const answered = live.reduce((sum, one) => sum + one.answered, 0)
  const open = live.reduce((sum, one) => sum + one.open, 0)
  // Of several forms each has its own list; of one there is nothing to choose.
  const [only] = live.length === 1 ? live : []
  const door = (part: 'answers' | 'waiting', words: string): ReactNode =>
    only ? (
      <Link to="/forms/$formId" params={{ formId: only.id }} search={{ part }} className={DOOR}>
        {words}
      </Link>
    ) : (
      words
    )
  return (
    <>
      {capital(inWords(live.length))} {live.length === 1 ? 'form' : 'forms'}, answered{' '}
      {door('answers', inWords(answered))} {answered === 1 ? 'time' : 'times'};{' '}
      {open === 0 ? (
        'nobody is waited for.'
      ) : (
        <>
          <b>{door('waiting', inWords(open))}</b> {open === 1 ? 'answer is' : 'answers are'} still waited for.
        </>
      )}
    </>
  )
}

const COLUMNS: readonly Column<FormLine>[] = [
  {
    id: 'name',
    head: 'Form',
    cell: ({ id, name, changed, version }) => (
      <span className="flex min-w-0 items-baseline gap-2">
        <Link to="/forms/$formId" params={{ formId: id }} className={`${LINK} truncate`}>
          {name}
        </Link>
        {changed && version !== null && (
          <span className="shrink-0 text-small text-muted-foreground">changed, not published</span>
        )}
      </span>
    ),
  },
  {
    id: 'status',
    head: 'State',
    width: '130px',
    cell: ({ status }) =>
      status === 'published' ? <StatusWord of="active">Published</StatusWord> : <StatusWord of={status} />,
  },
  {
    id: 'answered',
    head: 'Answered',
    width: '100px',
    align: 'end',
    onPhone: true,
    cell: ({ id, answered, name }) => (
      <Link
        to="/forms/$formId"
        params={{ formId: id }}
        search={{ part: 'answers' }}
        className={DOOR}
        aria-label={`${answered} answered ${name}`}
      >
        {answered.toLocaleString()}
      </Link>
    ),
  },
  {
    id: 'open',
    head: 'Waited for',
    width: '100px',
    align: 'end',
    cell: ({ id, open, name }) => (
      <Link
        to="/forms/$formId"
        params={{ formId: id }}
        search={{ part: 'waiting' }}
        className={DOOR}
        aria-label={`${open} have not answered ${name} yet`}
      >
        {open.toLocaleString()}
      </Link>
    ),
  },
  {
    id: 'changed',
    head: 'Changed',
    width: '160px',
    cell: ({ changedAt }) => (
      <time dateTime={changedAt}>{tellDay(dayIn(new Date(changedAt), hereZone()))}</time>
    ),
  },
]

/** By a name, or from a file that was exported. */
function NewForm() {
  const { vendor } = useHere()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [document, setDocument] = useState<{ readonly from: string; readonly form: Form } | null>(null)
  const { busy, act } = useDoing()
  const keyOf = useKeyOf()
  const navigate = useNavigate()
  const file = useRef<HTMLInputElement>(null)
  useActs([{ label: 'New form', icon: Plus, keys: ['N'], run: () => setOpen(true) }])
  const make = (): void =>
    act(async () => {
      const body = { name: name.trim(), ...(document && { document: document.form }) }
      const { data } = await api(addForm, { params: { vendor }, body, key: keyOf(body) })
      void askAgain(listForms)
      setOpen(false)
      void navigate({ to: '/forms/$formId', params: { formId: data.id } })
    })
  const read = async (chosen: File | undefined): Promise<void> => {
    if (!chosen) return
    const form = formIn(await chosen.text())
    if (!form) return void toast(`${chosen.name} holds no form. Choose a file that was exported here.`)
    setDocument({ from: chosen.name, form })
    if (name.trim() === '') setName(form.title)
  }
  return (
    <Dialog
      title="A new form"
      description="The name is for you; what couples read as its title can be another."
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button look="primary" icon={Plus}>
          New form
        </Button>
      }
      actions={
        <>
          <Button icon={Upload} onClick={() => file.current?.click()}>
            From a file
          </Button>
          <Button look="primary" busy={busy} disabled={name.trim() === ''} onClick={make}>
            {name.trim() === '' ? 'Make it, the name is missing' : 'Make it'}
          </Button>
        </>
      }
    >
      <Field label="Its name" {...(document && { hint: `With the questions of ${document.from}.` })}>
        <Input
          value={name}
          maxLength={120}
          placeholder="Final details"
          onChange={({ target }) => setName(target.value)}
          onKeyDown={({ key }) => {
            if (key === 'Enter' && name.trim() !== '') make()
          }}
        />
      </Field>
      <input
        ref={file}
        type="file"
        accept="application/json,.json"
        className="hidden"
        aria-label="A file that was exported"
        onChange={({ target }) => void read(target.files?.[0])}
      />
    </Dialog>
  )
}

function formIn(text: string): Form | null {
  try {
    return formSchema.parse(JSON.parse(text))
  } catch {
    return null
  }
}
