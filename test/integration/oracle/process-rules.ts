/** What becomes of signals, descriptors and files around a call, which no command line tells; and the test that shows it. */
export interface ProcessRule {
  readonly what: string
  readonly outcome: string
  readonly test: { readonly file: string; readonly title: string }
}

const LAUNCHER = 'test/integration/launcher.test.ts'

export const PROCESS_RULES: readonly ProcessRule[] = [
  {
    what: 'Ctrl-C, and signals that end a build',
    outcome: 'the call ends by the same signal; no file of its is left, whole or in part, and none of its children',
    test: { file: LAUNCHER, title: 'leaves no file and no child behind' },
  },
  {
    what: '… while a peer compiles',
    outcome: 'the peer is told, and nobody else is asked',
    test: {
      file: 'test/unit/scheduler/agent.test.ts',
      title: 'Ctrl-C cancels the compile of the peer, and no other place is sought',
    },
  },
  {
    what: 'a full disk, a limit, a folder that is missing',
    outcome: 'the compiler gets its turn and says it in its own words; outputs are there all or not at all',
    test: { file: LAUNCHER, title: 'a file that cannot be written is told, and the compiler gets its turn' },
  },
  {
    what: 'umask, and files that are there already',
    outcome: 'a new file has the rights of one that the compiler makes',
    test: {
      file: LAUNCHER,
      title: 'writes files with the mode that was asked for, less the umask, in place of what was there',
    },
  },
  {
    what: '… which compilers write into',
    outcome: 'they keep their rights; those of another owner are left to the compiler',
    test: {
      file: LAUNCHER,
      title: 'a file that compilers write into keeps its rights, and one that is new has those of others',
    },
  },
  {
    what: 'a node that dies or falls silent in the middle',
    outcome: 'the launcher becomes the compiler',
    test: { file: LAUNCHER, title: 'costs nothing but time' },
  },
  {
    what: 'a wrapper in PATH (ccache, a script) that looks for the next compiler',
    outcome: 'it gets the compiler; no launcher meets itself',
    test: {
      file: LAUNCHER,
      title: 'never meets itself, even behind a wrapper that looks for the compiler in PATH again',
    },
  },
  {
    what: 'a compiler that is not there',
    outcome: 'as in a shell: 127',
    test: { file: LAUNCHER, title: 'with a compiler that does not exist it ends as a shell would' },
  },
  {
    what: 'a node that a build starts',
    outcome: 'it holds none of the build’s descriptors',
    test: {
      file: 'test/integration/started-node.test.ts',
      title: 'a node that a build starts lives on without holding any of the build’s descriptors',
    },
  },
  {
    what: 'make’s jobserver',
    outcome: 'passed on to the build; no peer hears of it',
    test: { file: 'test/unit/cli/descriptors.test.ts', title: 'both ends of make’s jobserver are passed on' },
  },
]
