import {
  COMPILE_CPU_MAX_SECONDS,
  COMPILE_DISK_MAX_BYTES,
  COMPILE_FILES_MAX,
  COMPILE_MEMORY_MAX_BYTES,
  COMPILE_OPEN_FILES_MAX,
  COMPILE_PROCESSES_MAX,
  COMPILE_WALL_MAX_MS,
  INPUT_MAX_BYTES,
  OUTPUT_MAX_BYTES,
  PRINTED_MAX_BYTES,
} from '../../base/limits.ts'

/** What one run may use. Memory, files and CPU are per process, the rest for the run as a whole. */
export interface RunLimits {
  readonly wallMs: number
  readonly cpuSeconds: number
  readonly memoryBytes: number
  readonly fileBytes: number
  readonly processes: number
  readonly openFiles: number
  /** All files together, and how many; only where runs are confined. */
  readonly diskBytes: number
  readonly files: number
  readonly inputBytes: number
  readonly outputBytes: number
  /** stdout and stderr, each. */
  readonly printedBytes: number
}

/** What a stranger's compile gets. */
export const RUN_LIMITS: RunLimits = {
  wallMs: COMPILE_WALL_MAX_MS,
  cpuSeconds: COMPILE_CPU_MAX_SECONDS,
  memoryBytes: COMPILE_MEMORY_MAX_BYTES,
  fileBytes: OUTPUT_MAX_BYTES,
  processes: COMPILE_PROCESSES_MAX,
  openFiles: COMPILE_OPEN_FILES_MAX,
  diskBytes: COMPILE_DISK_MAX_BYTES,
  files: COMPILE_FILES_MAX,
  inputBytes: INPUT_MAX_BYTES,
  outputBytes: OUTPUT_MAX_BYTES,
  printedBytes: PRINTED_MAX_BYTES,
}
