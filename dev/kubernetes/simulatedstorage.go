package main

import (
	"context"
	"fmt"
	"log/slog"

	corev1 "k8s.io/api/core/v1"
	storagev1 "k8s.io/api/storage/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
)

// The storage class that claims without one get. Its volumes hold nothing: no process runs on the nodes that could write to them.
const (
	simulatedClass       = "simulated"
	simulatedProvisioner = "simulated.slipway.dev"
	// provisionerAnnotation is how the volume controller asks a provisioner for a volume.
	provisionerAnnotation = "volume.kubernetes.io/storage-provisioner"
)

// ensureSimulatedStorage makes the default storage class.
func ensureSimulatedStorage(ctx context.Context, client kubernetes.Interface) error {
	reclaim, binding := corev1.PersistentVolumeReclaimDelete, storagev1.VolumeBindingImmediate
	class := &storagev1.StorageClass{
		ObjectMeta:  metav1.ObjectMeta{Name: simulatedClass, Annotations: map[string]string{"storageclass.kubernetes.io/is-default-class": "true"}},
		Provisioner: simulatedProvisioner, ReclaimPolicy: &reclaim, VolumeBindingMode: &binding,
	}
	if _, err := client.StorageV1().StorageClasses().Create(ctx, class, metav1.CreateOptions{}); err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("make the storage class %s: %w", simulatedClass, err)
	}
	return nil
}

// simulateStorage does what the provisioner of a storage class does, until ctx ends: it makes a volume for each claim that the
// volume controller hands to it, and removes those that were released. Binding them is the controller's work.
func simulateStorage(ctx context.Context, client kubernetes.Interface) error {
	factory := informers.NewSharedInformerFactory(client, 0)
	provision := func(object any) {
		if claim, ok := object.(*corev1.PersistentVolumeClaim); ok && wantsVolume(claim) {
			logFailure("make a volume for "+claim.Namespace+"/"+claim.Name, makeVolume(ctx, client, claim))
		}
	}
	reclaim := func(object any) {
		volume, ok := object.(*corev1.PersistentVolume)
		if !ok || volume.Spec.StorageClassName != simulatedClass || volume.Status.Phase != corev1.VolumeReleased {
			return
		}
		logFailure("remove the volume "+volume.Name, client.CoreV1().PersistentVolumes().Delete(ctx, volume.Name, metav1.DeleteOptions{}))
	}
	for informer, handle := range map[cache.SharedIndexInformer]func(any){
		factory.Core().V1().PersistentVolumeClaims().Informer(): provision,
		factory.Core().V1().PersistentVolumes().Informer():      reclaim,
	} {
		_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{AddFunc: handle, UpdateFunc: func(_, now any) { handle(now) }})
		if err != nil {
			return fmt.Errorf("watch the claims: %w", err)
		}
	}
	factory.Start(ctx.Done())
	return nil
}

func wantsVolume(claim *corev1.PersistentVolumeClaim) bool {
	return claim.Annotations[provisionerAnnotation] == simulatedProvisioner && claim.Spec.VolumeName == "" && claim.DeletionTimestamp == nil
}

// makeVolume makes the volume of a claim; its name is the claim's, so that a second one is never made.
func makeVolume(ctx context.Context, client kubernetes.Interface, claim *corev1.PersistentVolumeClaim) error {
	volume := &corev1.PersistentVolume{
		ObjectMeta: metav1.ObjectMeta{Name: "pvc-" + string(claim.UID), Annotations: map[string]string{"pv.kubernetes.io/provisioned-by": simulatedProvisioner}},
		Spec: corev1.PersistentVolumeSpec{
			Capacity:    corev1.ResourceList{corev1.ResourceStorage: claim.Spec.Resources.Requests[corev1.ResourceStorage]},
			AccessModes: claim.Spec.AccessModes, VolumeMode: claim.Spec.VolumeMode,
			PersistentVolumeReclaimPolicy: corev1.PersistentVolumeReclaimDelete, StorageClassName: simulatedClass,
			ClaimRef: &corev1.ObjectReference{
				APIVersion: "v1", Kind: "PersistentVolumeClaim", Namespace: claim.Namespace, Name: claim.Name, UID: claim.UID, ResourceVersion: claim.ResourceVersion,
			},
			// A driver that is nowhere: a path of this machine would be deleted by the controller, or at least look like one that is used.
			PersistentVolumeSource: corev1.PersistentVolumeSource{CSI: &corev1.CSIPersistentVolumeSource{
				Driver: simulatedProvisioner, VolumeHandle: string(claim.UID),
			}},
		},
	}
	_, err := client.CoreV1().PersistentVolumes().Create(ctx, volume, metav1.CreateOptions{})
	return err
}

// logFailure says what did not work. The next change of the object brings another try.
func logFailure(what string, err error) {
	if err == nil || apierrors.IsAlreadyExists(err) || apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return
	}
	slog.Warn(what, "error", err)
}
