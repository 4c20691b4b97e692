package workflows

// WorkerDeployment is the name of the Worker Deployment to which versioned workers belong, on all task queues.
const WorkerDeployment = "slipway"
