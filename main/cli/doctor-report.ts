import type { Diagnosis } from '../daemon/health/doctor/diagnosis.ts';
import type { Scene } from '../daemon/health/doctor/scene.ts';
export async function writeReport(
  _path: string,
  _scene: Scene,
  _findings: readonly Diagnosis[],
): Promise<string> {
  throw new Error('later');
}
