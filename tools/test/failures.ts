/** Longest excerpt of one failed test, in lines: its error and what was printed while it ran. */
const EXCERPT_LINES = 40

const VERDICT = /^\((pass|fail|skip|todo)\) /

/** The failed tests of an output of `bun test`, each with its file and the lines printed before its verdict. */
export function failures(output: string): string[] {
  const found: string[] = []
  let file = ''
  let before: string[] = []
  for (const line of output.split('\n')) {
    if (/^\S+\.test\.tsx?:$/.test(line)) {
      file = line
      before = []
      continue
    }
    if (line.startsWith('(fail) ')) {
      found.push([file, ...before.slice(-EXCERPT_LINES), line].join('\n'))
    }
    before = VERDICT.test(line) ? [] : [...before.slice(-EXCERPT_LINES), line]
  }
  return found
}
