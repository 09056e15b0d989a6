using System.Net;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>What keeps a demo from starting and can be said in one line to the person who typed the command.</summary>
internal static class DemoProblem
{
    /// <summary>A template, a copy of it, and what a day of use leaves.</summary>
    private const long NeededBytes = 300L * 1024 * 1024;

    /// <summary>Null when nothing stands in the way.</summary>
    public static string? Find(IPAddress directory, params int[] ports)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return "The demo's directory listens on ports below 1024: run ./dev demo as root.";
        }

        if (FreeBytes() is var free && free < NeededBytes)
        {
            return $"The disk is full: the demo needs {NeededBytes >> 20} MB in {Repository.Scratch}, and {free >> 20} MB are free.";
        }

        var busy = ports.Where(p => !Loopback.IsFree(IPAddress.Loopback, p) || !Loopback.IsFree(IPAddress.IPv6Loopback, p)).ToList();
        return busy is [var port, ..] ? $"Port {port} is busy: another program listens on it, and the demo needs it."
            : Forest.IsFree(directory) ? null
            : $"A port of {directory} is busy: another directory listens there (389, 636, 88, 464, 3268 or 3269).";
    }

    /// <summary>One line for an error that came up on the way.</summary>
    public static string Describe(Exception e) => IsDiskFull(e) ? $"The disk is full: {e.Message}" : e.Message.ReplaceLineEndings(" ");

    private static bool IsDiskFull(Exception e)
    {
        const int noSpaceLeft = 28;
        return e is IOException && (e.HResult & 0xFFFF) == noSpaceLeft;
    }

    private static long FreeBytes()
    {
        Directory.CreateDirectory(Repository.Scratch);
        return new DriveInfo(Repository.Scratch).AvailableFreeSpace;
    }
}
