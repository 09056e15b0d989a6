namespace PortalApp.Notifications;

internal static class NotificationServices
{
    public static IHostApplicationBuilder AddNotifications(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<MailOptions>(builder.Configuration.GetSection(MailOptions.Section));
        builder.Services.AddSingleton<MessageQueue>();
        builder.Services.AddSingleton<MessageCarrier>();
        builder.Services.AddHostedService<MessageSender>();
        builder.Services.AddHostedService<MessageSweep>();
        return builder;
    }
}
