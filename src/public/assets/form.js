/* What the page does beyond what it does without: shows and hides by answers, keeps what is typed, counts. */
import { judge } from './judge.js'

const form = document.querySelector('form.questions')
const elsewhere = JSON.parse(form.dataset.answers ?? '{}')
const questions = [...form.querySelectorAll('.question')]

/** An answer as the server would read it, as far as conditions can ask. */
function answerOf(question) {
  const inputs = [...question.querySelectorAll('input, textarea')]
  const kind = question.dataset.kind
  const checked = inputs.filter((input) => input.checked).map((input) => input.value)
  if (kind === 'choices') return checked.length > 0 ? checked : null
  if (kind === 'choice') return checked[0] ?? null
  if (kind === 'yes_no') return checked.length === 0 ? null : checked[0] === 'yes'
  const text = inputs.map((input) => input.value.trim()).join('')
  if (text === '') return null
  return kind === 'number' ? Number(text.replace(',', '.')) : text
}

function show() {
  const answers = { ...elsewhere }
  let done = 0
  let shown = 0
  for (const question of questions) {
    question.hidden =
      question.dataset.show !== undefined && !judge(JSON.parse(question.dataset.show), answers)
    if (question.hidden) continue
    shown += 1
    const answer = answerOf(question)
    if (answer === null) continue
    answers[question.dataset.field] = answer
    done += 1
  }
  return { done, shown }
}

const bar = document.querySelector('.savebar progress')
const count = document.querySelector('.savebar .count')
const saved = document.querySelector('.savebar .saved')
const first = show()
// In parts, the bar tells of all of them: what stands in the others is what the server counted.
const others = { done: Number(bar.value) - first.done, shown: Number(bar.max) - first.shown }
function tell() {
  const { done, shown } = show()
  bar.max = Math.max(1, shown + others.shown)
  bar.value = done + others.done
  count.textContent = `${done + others.done} of ${shown + others.shown} answered`
}

const PAUSE_MS = 1200
let timer = 0
let sent = false
async function keep() {
  timer = 0
  if (sent || !form.dataset.save) return
  saved.textContent = ', saving'
  try {
    const answer = await fetch(form.dataset.save, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
      keepalive: true,
    })
    saved.textContent = answer.ok ? ', saved just now' : ', not saved: use the button below'
  } catch {
    saved.textContent = ', not saved: the line is down'
  }
}
form.addEventListener('input', () => {
  tell()
  clearTimeout(timer)
  timer = setTimeout(keep, PAUSE_MS)
})
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'hidden' || timer === 0) return
  clearTimeout(timer)
  keep()
})
form.addEventListener('submit', (event) => {
  if (sent) event.preventDefault()
  sent = true
  clearTimeout(timer)
})
// Whoever comes back by the browser's own way may send again.
addEventListener('pageshow', () => {
  sent = false
})

for (const list of form.querySelectorAll('.people')) {
  const rows = [...list.querySelectorAll('.person')]
  const more = list.querySelector('.more')
  rows.forEach((row, i) => {
    row.hidden = i > 0 && row.dataset.filled === undefined
  })
  const hidden = () => rows.filter((row) => row.hidden)
  more.hidden = hidden().length === 0
  more.addEventListener('click', () => {
    const [next] = hidden()
    next.hidden = false
    next.querySelector('input').focus()
    more.hidden = hidden().length === 0
  })
}
document.querySelector('.summary')?.focus()
