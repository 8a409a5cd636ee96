/** Metres from the car's middle, forward; heights from the ground. */
export interface CarBody {
  readonly length: number;
  readonly bonnet: number; // height of the bonnet at the front
  readonly waist: number; // height of the windows' lower edge
  readonly roof: number;
  readonly cabin: readonly [
    rearFoot: number,
    rearRoof: number,
    frontRoof: number,
    frontFoot: number,
  ];
  readonly pillars: readonly number[];
}

export const CAR_BODIES: readonly CarBody[] = [
  // saloon, hatchback, estate, off-roader, people carrier, coupé
  {
    length: 4.6,
    bonnet: 0.78,
    waist: 0.95,
    roof: 1.44,
    cabin: [-1.75, -1.05, 0.35, 1.15],
    pillars: [-0.35],
  },
  {
    length: 3.9,
    bonnet: 0.82,
    waist: 0.95,
    roof: 1.48,
    cabin: [-1.9, -1.5, 0.3, 1.1],
    pillars: [-0.55],
  },
  {
    length: 4.7,
    bonnet: 0.78,
    waist: 0.95,
    roof: 1.48,
    cabin: [-2.28, -1.95, 0.3, 1.15],
    pillars: [-0.4, -1.25],
  },
  {
    length: 4.6,
    bonnet: 1.0,
    waist: 1.12,
    roof: 1.74,
    cabin: [-2.2, -1.9, 0.45, 1.15],
    pillars: [-0.35, -1.25],
  },
  {
    length: 4.7,
    bonnet: 0.95,
    waist: 1.08,
    roof: 1.82,
    cabin: [-2.3, -2.1, 0.75, 1.7],
    pillars: [-0.2, -1.25],
  },
  {
    length: 4.3,
    bonnet: 0.7,
    waist: 0.86,
    roof: 1.26,
    cabin: [-1.95, -0.8, 0.05, 0.95],
    pillars: [-0.5],
  },
];
