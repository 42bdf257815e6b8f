#!/bin/sh
# Runs an experiment as a Slurm job array of shards, and then a job that merges them. Edit these two lines:
export RUN="three_failures --out results"
export SHARDS=8

# Submitted again after whatever happened, it goes on with what is there.
set -eu
here=$(dirname "$0")
array=$(sbatch --parsable --array="1-$SHARDS" "$here/run.sbatch")
sbatch --dependency="afterok:$array" "$here/merge.sbatch"
